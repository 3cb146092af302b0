# SPDX-License-Identifier: Apache-2.0
"""SHACL validation, set at a time: shapes compiled to SPARQL, beside pySHACL as reference. Knows nothing of health."""
