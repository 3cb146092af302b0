# SPDX-License-Identifier: Apache-2.0
"""How fast icsgraph is beside others, measured in one run on invented systems: ``python -m benchmarks``."""
