"""Make the pictures of pages in docs/ from seed reports: of `fazhi serve`, of `fazhi tag --format html`.

python tests/pictures.py        # needs Chromium; not part of the tests; look at what it made before you commit it
"""

from dataclasses import replace
from pathlib import Path
from shutil import which

from playwright.sync_api import sync_playwright
from served import served

from fazhi.model import load_tagger
from fazhi.serving.page import render_page

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "seeds" / "reports" / "001_0e87e84d85a4a2a3.txt"
TAGGED = ROOT / "seeds" / "reports" / "002_91b990ddfd8307af.txt"
SIZES = {"serve.png": (1280, 1180), "serve-phone.png": (390, 844)}


def picture(browser, url, name):
    width, height = SIZES[name]
    page = browser.new_page(locale="zh-CN", viewport={"width": width, "height": height}, device_scale_factor=1)
    page.goto(url)
    page.locator("#file").set_input_files({"name": "2022.txt", "mimeType": "text/plain", "buffer": REPORT.read_bytes()})
    page.locator("#files li.tagged").wait_for()
    corrected = page.locator("#p0-3")
    corrected.hover()
    corrected.get_by_role("button", name="更正").click()
    corrected.locator(".editor").get_by_role("button", name="能力").click()
    page.evaluate("scrollTo(0, 0)" if width > height else "document.getElementById('p0-1').scrollIntoView()")
    page.wait_for_timeout(300)
    page.screenshot(path=ROOT / "docs" / name)
    page.close()


def picture_of_tag(browser):
    tagger = load_tagger()
    page = browser.new_page(locale="zh-CN", viewport={"width": 1400, "height": 920})
    report = replace(tagger.tag(TAGGED), document=str(TAGGED.relative_to(ROOT)))
    page.set_content(render_page([report], tagger.bundle.scheme, tagger.thresholds, tagger.bundle.label))
    page.screenshot(path=ROOT / "docs" / "page.png")
    page.close()


if __name__ == "__main__":
    with served() as server, sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        for each in SIZES:
            picture(chromium, server.url, each)
        picture_of_tag(chromium)
        chromium.close()
