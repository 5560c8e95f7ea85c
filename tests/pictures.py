"""Make the pictures of the page of `fazhi serve` in docs/, from a seed report, with the Chromium of this machine.

python tests/pictures.py        # not part of the tests; look at what it made before you commit it
"""

from pathlib import Path
from shutil import which

from playwright.sync_api import sync_playwright
from served import served

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "seeds" / "reports" / "001_0e87e84d85a4a2a3.txt"
SIZES = {"serve.png": (1280, 1000), "serve-phone.png": (390, 844)}


def picture(browser, url, name):
    width, height = SIZES[name]
    page = browser.new_page(locale="zh-CN", viewport={"width": width, "height": height}, device_scale_factor=1)
    page.goto(url)
    page.locator("#file").set_input_files(REPORT)
    page.locator("#files li.tagged").wait_for()
    page.locator("#missing summary").click()
    page.locator("article", has_text="(二)深入学习宣传贯彻").first.hover()
    page.locator("article", has_text="(二)深入学习宣传贯彻").first.get_by_role("button", name="更正").click()
    page.evaluate("scrollTo(0, 0)" if width > 1000 else "document.getElementById('missing').scrollIntoView()")
    page.wait_for_timeout(300)
    page.screenshot(path=ROOT / "docs" / name)
    page.close()


if __name__ == "__main__":
    with served("--bundle", "fazhi-linear") as server, sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        for each in SIZES:
            picture(chromium, server.url, each)
        chromium.close()
