# SPDX-License-Identifier: Apache-2.0
"""The constraints of the law register: their catalogue, their outcomes on a graph, and who the bodies are."""

from __future__ import annotations

from icsgraph.law.bodies import Resolver, board_on, find_body
from icsgraph.law.catalogue import Catalogue, Constraint, SeverityRow, read_catalogue
from icsgraph.law.check import check
from icsgraph.law.findings import Coverage, Finding, Provision, Report

__all__ = [
    "Catalogue", "Constraint", "Coverage", "Finding", "Provision", "Report", "Resolver", "SeverityRow", "board_on",
    "check", "find_body", "read_catalogue",
]  # fmt: skip
