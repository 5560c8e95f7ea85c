"""fazhi.serving — tagged reports for people and programs: the `fazhi` command and its outputs.

Stands on `fazhi.model`; never imports training or annotation.
"""
