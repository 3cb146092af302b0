# SPDX-License-Identifier: Apache-2.0
"""The Python interface: what the commands do, as functions and typed values. ``import icsgraph`` gives its names.

| module | what it turns into what |
| --- | --- |
| ``graph`` | data and a day to a graph that does all of this; each job is in a module of its own |
| ``data``, ``sources`` | where data lies to an opened store, or to what a check stands on |
| ``questions``, ``asking`` | a question with Python values to a query with terms, and to its answer |
| ``answer`` | what a query answered to rows, frames and files |
| ``checks``, ``report`` | records to findings, frames and files, and a finding to what is behind it |
| ``looking``, ``guidance`` | things, days and editions to what the graph says of them |
| ``changing`` | a change that somebody thinks of to what would follow |
| ``reasoning`` | files and the ontology to what follows, and whether it can be |
| ``writing``, ``importing``, ``building`` | a graph to files, sheets to records, files to a store |
| ``told``, ``showing``, ``frames`` | values to text, to what notebooks show, to pandas and polars |
| ``copying`` | a store to a graph of rdflib |
| ``progress`` | long work to calls of a function of the user's own |
"""
