"""Which answers look wrong: examples and left-out scores in; suspects, near-duplicates that differ, a review file out.

`confident` finds and ranks doubtful labels, `suspects` does so for paragraphs, `duplicates` compares texts, `cli` and
`page` show both. The methods are written here from their papers, not taken from cleanlab: up to 2.7 it is AGPL-3.0,
and 2.9 (Apache-2.0 by its licence file) still ships a file under the AGPL, loads pandas and takes seconds to import.
"""
