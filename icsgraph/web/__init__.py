# SPDX-License-Identifier: Apache-2.0
"""The graph over HTTP: SPARQL protocol, linked data, stored queries, checks of posted records, and pages.

Requests are read in one process; everything that a stranger can make long or large runs in worker processes, which
are killed and replaced when a limit is reached. Nothing here writes to a graph.
"""
