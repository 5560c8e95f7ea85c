"""A tuned `torch` bundle to one that runs on the CPU without torch: pruned vocabulary, int8, refused where it errs.

    export(ExportRequest(bundle="tuned", examples=(…,), texts=(…,), out=Path("fast")))

`prune` cuts the vocabulary, `convert` writes the encoder's numbers as CTranslate2 keeps them, `gate` compares what both
bundles say of the examples, `command` tries one way of keeping numbers after the other. Tagging with the result is
`model.scorers.fast`.
"""
