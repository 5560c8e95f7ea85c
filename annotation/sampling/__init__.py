"""What to ask next: scores and embeddings of a pool in, rows of it out, most useful first.

Pure functions of arrays; chance comes from a numpy Generator that is passed in. `uncertainty` says how useful each row
is by itself, `diversity` picks rows that differ, `mixtures` does both at once, `strategies` gives them their names.
Nothing here knows of themes, files or people. Written from the papers that each function names.
"""
