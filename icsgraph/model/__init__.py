# SPDX-License-Identifier: Apache-2.0
"""Namespaces, codes and names to things, dates and intervals, errors. Reads no files."""
