# SPDX-License-Identifier: Apache-2.0
"""The Python interface: what the commands do, as functions and typed values. ``import icsgraph`` gives its names.

| module | what it turns into what |
| --- | --- |
| ``graph`` | data and a day to a graph that answers questions |
| ``sources`` | where data lies to an opened store, or to what a check stands on |
| ``asking`` | a question with Python values to a query with terms |
| ``answer`` | what a query answered to rows, frames and files |
| ``report`` | what a check found to findings, frames and files |
| ``guidance`` | an opened graph to what the guidance says |
| ``changing`` | a change that somebody thinks of to what would follow |
| ``frames`` | typed columns to pandas and polars |
| ``copying`` | a store to a graph of rdflib |
| ``showing`` | values to what notebooks and terminals show |
| ``progress`` | long work to calls of a function of the user's own |
"""
