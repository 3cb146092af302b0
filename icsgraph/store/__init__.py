# SPDX-License-Identifier: Apache-2.0
"""Open, load, build and write graphs. Interprets nothing of what they hold."""
