# SPDX-License-Identifier: Apache-2.0
"""Editions of the statutory guidance, their statements, and how they differ. Knows no engine by name.

| module | what it turns into what |
| --- | --- |
| ``statements`` | the graph and filters to statements |
| ``norms`` | the graph and a name to one norm as at a day |
| ``diff`` | the graph and two editions to changes, the gravest first |
| ``sentences`` | a text file to sentences with places; a passage to its digest |
| ``textcheck`` | statements and a copy of the text to what the copy still says |
| ``tally`` | a text and the places accounted for to counts by section |
| ``coverage`` | the graph to counts by section, and to the chain from norm to constraint to shape |
"""
