# SPDX-License-Identifier: Apache-2.0
"""SPARQL as a tree: parse, rewrite, serialise. Runs nothing."""
