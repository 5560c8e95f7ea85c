"""fazhi.annotation — what people answer, and how far they agree.

Stands on `fazhi.model`; meets `fazhi.training` only in examples.jsonl. Needs the extra `annotate`.
"""
