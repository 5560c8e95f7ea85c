"""What all tests share: the five seeds, and the rule that in CI nothing may be left out."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from fazhi.model.labels import load_scheme
from fazhi.model.reading import document_from_text, read_document
from fazhi.model.report import segment

ROOT = Path(__file__).resolve().parent.parent
# In CI the same examples every time: a new counter-example belongs to a developer, not to whoever pushes next.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SEEDS = sorted((ROOT / "seeds" / "reports").glob("*.txt"))


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def scheme():
    return load_scheme()


@pytest.fixture(scope="session")
def seeds():
    """The five seed reports as documents, by their three-digit number."""
    return {path.name[:3]: read_document(path) for path in SEEDS}


@pytest.fixture
def cut():
    """Cut text into (level, marker, clean) triples."""

    def cut_text(text):
        report = segment(document_from_text(text, "test"))
        return [(each.level, each.marker, each.clean) for each in report.paragraphs]

    return cut_text


@pytest.fixture(scope="session")
def browser_program():
    """The Chromium of this machine."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("no Chromium on this machine: the page is not opened in a browser")
    return program


@pytest.fixture(scope="module")
def chromium(browser_program):
    """Start the browser once a file; Playwright only drives it, nothing is downloaded.

    Not once for all: until it is stopped its event loop runs in this thread, and no other can.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("CI") and skipped:
        reporter.write_line(
            f"{len(skipped)} tests were left out; in CI everything is installed, so this fails", red=True
        )
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
