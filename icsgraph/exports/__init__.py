# SPDX-License-Identifier: Apache-2.0
"""A graph to other tools' formats, one module for each. Decides nothing."""
