# SPDX-License-Identifier: Apache-2.0
"""A knowledge graph of England's integrated care systems, their law and guidance, and tools to query and check it."""
