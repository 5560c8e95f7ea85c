# `make demo` needs Python 3.11 or later and nothing else; `make test` installs every extra first.
PYTHON ?= python3
PIP_INSTALL = .venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: demo test lint bundle studio clean

demo: .venv/core
	.venv/bin/fazhi tag seeds/reports --out out --format jsonl,csv,html,xlsx --summary

test: .venv/all
	.venv/bin/python -m pytest

lint: .venv/all
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/python tests/typecheck.py

# The shipped fallback, fitted again from the examples in seeds/ (five minutes).
bundle: .venv/all
	.venv/bin/fazhi train linear seeds/gold.jsonl seeds/written/*.jsonl --headings seeds/headings.jsonl \
		--sentences seeds/sentences.jsonl --out model/bundles/linear

# A local Label Studio in an environment of its own, because its pins are heavy and differ from ours (1 GB, minutes).
studio: .studio/venv/installed .venv/annotate

.studio/venv/installed: constraints-studio.txt
	$(PYTHON) -m venv .studio/venv
	.studio/venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints-studio.txt label-studio
	@touch $@

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/core: .venv/bin/python pyproject.toml constraints.txt
	$(PIP_INSTALL) -e .
	@touch $@

.venv/annotate: .venv/core
	$(PIP_INSTALL) -e '.[annotate]'
	@touch $@

.venv/all: .venv/core
	$(PIP_INSTALL) -e '.[train,annotate,serve,scale,dev]'
	@touch $@

clean:
	rm -rf .venv out
