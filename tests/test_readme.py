"""Both READMEs: the figures are the bundle's, the themes the scheme's, the options the command's."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

READMES = ["README.md", "README.zh-CN.md"]


@pytest.fixture(params=READMES)
def readme(request, root):
    return (root / request.param).read_text(encoding="utf-8")


def test_the_quality_table_is_what_the_script_prints(root, readme):
    spec = importlib.util.spec_from_file_location("quality", root / "tests" / "benchmarks" / "quality.py")
    quality = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(quality)
    assert all(quality.quality_table(bundle) in readme for bundle in ("fazhi-small", "linear"))


def test_every_theme_is_listed_with_its_names(scheme, readme):
    for theme in scheme.themes:
        assert f"| `{theme.id}` | {theme.zh} |" in readme


def test_every_section_is_named(scheme, readme):
    assert all(f"`{section}`" in readme for section in scheme.section_ids)


def test_every_option_of_fazhi_tag_is_explained(readme):
    done = subprocess.run(
        [Path(sys.executable).parent / "fazhi", "tag", "--help"], capture_output=True, text=True, check=True
    )
    options = set(re.findall(r"--[a-z-]+", done.stdout)) - {"--help"}
    assert len(options) >= 8
    assert all(f"{option}" in readme for option in options)


def test_the_example_in_python_runs(root, readme):
    code = re.search(r"```python\n(.*?)```", readme, re.DOTALL)[1]
    seed = next((root / "seeds" / "reports").glob("003*"))
    code = re.sub(r'tag\("[^"]+"\)', f"tag({str(seed)!r})", code)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert len(done.stdout.splitlines()) == 49


def test_projects_are_called_as_the_server_allows(readme):
    """Label Studio refuses titles of fewer than three characters."""
    titles = re.findall(r"(?:annotate create|--project|--again) ([^\s`]+)", readme)
    assert len(titles) >= 8
    assert all(3 <= len(title) <= 50 for title in titles)


def test_every_link_leads_somewhere(root, readme):
    links = re.findall(r"\]\(([^)#]+)\)", readme)
    assert links
    assert all((root / link).exists() for link in links)
