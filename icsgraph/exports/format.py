# SPDX-License-Identifier: Apache-2.0
"""What a module of a format gives: how chosen content becomes one file, or a folder of files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, TypeAlias

from icsgraph.exports.content import Content

File: TypeAlias = Callable[[Content, IO[bytes]], str]
Folder: TypeAlias = Callable[[Content], tuple[Mapping[str, bytes], str]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: ``what`` it is in a line, and either ``file`` or ``folder``; each says what was written.

    ``needs`` are large graphs that have to be opened for it.
    """

    what: str
    file: File | None = None
    folder: Folder | None = None
    needs: tuple[str, ...] = ()
