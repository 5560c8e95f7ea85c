"""`fazhi evaluate`: answers beside what models said of them; out come tables, evaluation.json and evaluation.html.

    material    examples and oof.jsonl         -> a `Trial` a protocol
    bundled     examples and a bundle          -> rows as oof.jsonl has them
    counts      hits by document, resampled    -> 95 % intervals
    calibration, confusion, worst              -> what else is worth knowing
    assessment  all of it, for one trial       -> a `TrialFigures`
    grids, show, page, pictures, charts        -> what a person looks at

Trains nothing and chooses nothing: thresholds were applied by whoever wrote the rows.
"""
