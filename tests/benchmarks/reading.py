"""Time reading: a 60-page .docx and a 60-page PDF, built here, beside what one would otherwise take.

python tests/benchmarks/reading.py
"""

import importlib.util
import io
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

from fazhi.model.reading import document_from_bytes

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from pdf_writer import paged, pdf, show, wrapped  # noqa: E402

PAGES, ROWS, COLUMNS, REPEATS = 60, 24, 29, 5
OFFICE_2006 = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = f'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="{OFFICE_2006}"'
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
PYPDF = "import pypdf\nfor page in pypdf.PdfReader(PATH).pages: page.extract_text()"
PDFMINER = "import pdfminer.high_level\npdfminer.high_level.extract_text(PATH)"
PYTHON_DOCX = "import docx\n[each.text for each in docx.Document(PATH).paragraphs]"
DOCX2PYTHON = "import docx2python\nwith docx2python.docx2python(PATH) as found: found.text"


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "out" / "reading"
    folder.mkdir(parents=True, exist_ok=True)
    texts = report()
    files = {"pdf": pdf_of(texts), "docx": docx_of(texts)}
    others = {"pdf": {"pdfminer": PDFMINER, "pypdf": PYPDF}, "docx": {"docx": PYTHON_DOCX, "docx2python": DOCX2PYTHON}}
    print(f"| {PAGES} pages | reader | seconds, best of {REPEATS} |\n| --- | --- | --- |")
    for kind, data in files.items():
        path = folder / f"{PAGES}.{kind}"
        path.write_bytes(data)
        whole = document_from_bytes(data, path.name).text.splitlines() == texts
        row(kind, f"fazhi ({'every paragraph as written' if whole else 'NOT as written'})", ours(data, path.name))
        for module, code in others[kind].items():
            row(kind, module, theirs(module, code, path) if importlib.util.find_spec(module) else None)
        if kind == "pdf":
            row(kind, "pdftotext", pdftotext(path) if shutil.which("pdftotext") else None)


def row(kind: str, reader: str, seconds: float | None) -> None:
    print(f"| .{kind} | {reader} | {'not installed' if seconds is None else f'{seconds:.2f}'} |")


def ours(data: bytes, name: str) -> float:
    return best(lambda: document_from_bytes(data, name))


def theirs(module: str, code: str, path: Path) -> float:
    __import__(module)
    program = compile(code, module, "exec")
    return best(lambda: exec(program, {"PATH": str(path)}))  # noqa: S102


def pdftotext(path: Path) -> float:
    return best(lambda: subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True))  # noqa: S607


def best(step) -> float:
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return min(times)


def report() -> list[str]:
    """Return the paragraphs of the seeds' kind, until they fill the pages."""
    source = (ROOT / "seeds" / "reports").glob("*.txt")
    lines = [line.strip() for path in sorted(source) for line in path.read_text(encoding="utf-8").splitlines()]
    kept = [line for line in lines if len(line) > COLUMNS and line.isprintable() and not line.isascii()]
    texts: list[str] = []
    while len(wrapped(texts)) < (PAGES - 1) * ROWS:
        texts.append(f"{kept[len(texts) % len(kept)].replace(' ', '')}{len(texts)}号。")
    return texts


def pdf_of(texts: list[str]) -> bytes:
    pages = paged(wrapped(texts), ROWS)
    return pdf([text + show(280, 40, f"- {number} -", 10) for number, text in enumerate(pages, 1)])


def docx_of(texts: list[str]) -> bytes:
    paragraphs = "".join(
        f"<w:p><w:r><w:t>{text.replace('&', '&amp;').replace('<', '&lt;')}</w:t></w:r></w:p>" for text in texts
    )
    target = f'<Relationship Id="r1" Type="{OFFICE_2006}/officeDocument" Target="word/document.xml"/>'
    main_part = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main_part}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}">{target}</Relationships>',
        "word/document.xml": f"<w:document {W}><w:body>{paragraphs}</w:body></w:document>",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


if __name__ == "__main__":
    main()
