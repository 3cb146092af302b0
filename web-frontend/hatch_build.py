# SPDX-License-Identifier: Apache-2.0
"""Bundles the query editor when the wheel is built, where npm is there; without it the wheel is whole all the same."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class EditorHook(BuildHookInterface):
    """Puts the editor's files beside the pages before the wheel is packed."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bundle, unless the install is editable or the files are there already."""
        spec = importlib.util.spec_from_file_location("bundle", Path(self.root) / "web-frontend" / "bundle.py")
        if version == "editable" or spec is None or spec.loader is None:
            return
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        if module.is_current():
            return
        try:
            module.bundle()
        except module.NotBundled as error:
            self.app.display_warning(f"the query editor was not bundled, the pages keep their plain form: {error}")
