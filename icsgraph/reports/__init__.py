# SPDX-License-Identifier: Apache-2.0
"""Answers and findings to text: one module for rows, one for findings. Decides nothing."""
