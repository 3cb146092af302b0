# SPDX-License-Identifier: Apache-2.0
"""Editions of the statutory guidance, their statements, and how they differ. Knows no engine by name."""
