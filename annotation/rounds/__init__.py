"""Annotation rounds: a pool of reports in; questions, answers, trained bundles, round by round, out.

    rounds/manifest.json   what all rounds share: seed, scheme, shares, the hash of the pool
           base.jsonl      answers from elsewhere that training begins with
           pool.jsonl      every paragraph, near-duplicates marked, the others in one random order
           003/            questions.jsonl, answers.jsonl, bundle/, report.json and a manifest.json with the state

`pool` and `setup` are fixed at the first start; `folder` holds states and hashes; `start`, `send`, `collect`, `train`
and `close` each do one step, which is safe to repeat. A file is written whole or not at all, and a manifest after the
files that it names: whatever stands in a folder without being named there is written again.
"""
