"""A real browser for the tests of the page: the Chromium of the machine, driven by clicks and keys, with no way out."""

import pytest


@pytest.fixture
def visit(chromium, tmp_path):
    """Open a page from disk and return it; at the end it must have said nothing wrong and asked for nothing else."""
    wrong, contexts = [], []

    def open_page(html, state="", **options):
        path = tmp_path / "page.html"
        path.write_text(html, encoding="utf-8", newline="")
        contexts.append(chromium.new_context(offline=True, locale="zh-CN", **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text))  # a broken policy is told here too
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: None if request.url.startswith(path.as_uri()) else wrong.append(request.url))
        page.goto(path.as_uri() + (f"#{state}" if state else ""))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []
