"""A label scheme that changed: two labels.toml in; what changed, and answers rewritten for the new one, out.

`changes` compares two schemes, `moves` says which old label becomes which new ones, `rewriting` applies it to answers.
The labelling interface is made anew from the new scheme elsewhere; bundles and oof.jsonl of the old scheme end with it.
"""
