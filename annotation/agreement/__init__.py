"""How far annotators agree: examples of the same paragraphs in; figures, a page and the texts they differ on out.

`ballots` sets answers side by side, `coefficients` measures counts, `figures` puts both together, `differences` says
who differs from whom on what, `grids` and `page` show it. Nobody is right here: verdicts are for `adjudication`.
"""
