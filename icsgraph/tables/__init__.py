# SPDX-License-Identifier: Apache-2.0
"""Tables in: CSV and spreadsheets to plain cell triples, and by CONSTRUCT mappings to the vocabulary."""
