"""What tests of pages share: a browser."""

import shutil
import subprocess

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    """Open a page from disk, with no way out, and return what `--dump-dom` or another command gives."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("no Chromium on this machine: the page is not opened in a browser")
    folder = tmp_path_factory.mktemp("chromium")

    def run(html, state="", command="--dump-dom"):
        (folder / "page.html").write_text(html, encoding="utf-8", newline="")
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        flags += [f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=2000", command]
        url = (folder / "page.html").as_uri() + (f"#{state}" if state else "")
        done = subprocess.run([program, *flags, url], capture_output=True, timeout=120, check=True)
        return done.stdout.decode("utf-8")

    return run
