"""Make the Word files of this folder with LibreOffice, and the lines that LibreOffice prints for them.

    python tests/model/documents/make.py        # needs soffice and pdftotext; not part of the tests

Each document is written here as flat OpenDocument, saved as .docx by LibreOffice, and that .docx printed to PDF by
LibreOffice: `NAME.txt` holds the lines of the PDF. So the automatic numbers in it are LibreOffice's, not ours.
"""

import re
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in [
        ("office", "office"), ("style", "style"), ("text", "text"), ("table", "table"), ("draw", "drawing"),
        ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible"),
    ]
)  # fmt: skip
CHINESE, CIRCLED, STEMS, CAPITAL = "一, 二, 三, ...", "①, ②, ③, ...", "甲, 乙, 丙, ...", "壹, 贰, 叁, ..."


def level(number, form, before="", after="", more=""):
    """One level of a list: what stands before and after the number, in which form."""
    return (
        f'<text:list-level-style-number text:level="{number}" style:num-format="{form}" '
        f'style:num-prefix="{before}" style:num-suffix="{after}" {more}/>'
    )


def rule(name, *levels):
    return f'<text:list-style style:name="{name}">{"".join(levels)}</text:list-style>'


def p(text, style="Standard"):
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def head(text, rank, more=""):
    return f'<text:h text:style-name="Heading_20_{rank}" text:outline-level="{rank}" {more}>{text}</text:h>'


def item(rule_name, number, text, more="", start=""):
    """One list item at a level; every item is a list of its own that goes on with the one before."""
    opened = f'<text:list text:style-name="{rule_name}" {more}>' + "<text:list-item><text:list>" * (number - 1)
    inside = f"<text:list-item {start}>{p(text)}</text:list-item>"
    return opened + inside + "</text:list></text:list-item>" * (number - 1) + "</text:list>"


def items(rule_name, *pairs):
    """A numbered outline: (level, text) pairs, or plain text for paragraphs without a number in between."""
    lines = []
    for pair in pairs:
        more = 'text:continue-numbering="true"' if lines else ""
        lines.append(p(pair) if isinstance(pair, str) else item(rule_name, *pair, more=more))
    return "".join(lines)


OUTLINE = rule(
    "Report",
    level(1, CHINESE, "", "、"),
    level(2, CHINESE, "（", "）"),
    level(3, "1", "", "."),
    level(4, "1", "(", ")"),
    level(5, CIRCLED),
)


def outline():
    """The outline of a report, five levels deep, past ten, with text in between."""
    first = [
        (1, "主要工作"), "正文不编号。", (2, "加强领导"), (3, "健全机制"), (4, "党委会议"), (5, "第一次"), (5, "第二次"),
        (4, "专题学习"), (3, "压实责任"), "又一段正文。", (2, "优化服务"), (3, "重新从一数起"), (1, "存在问题"),
        (2, "也重新数起"),
    ]  # fmt: skip
    return OUTLINE, items("Report", *first, *[(1, f"第{place}节") for place in "甲乙丙丁戊己庚辛壬癸子丑"])


def articles():
    """Chapters and articles as two lists: articles run on through chapters; an annex starts anew, one at five."""
    rules = rule("Chapter", level(1, CHINESE, "第", "章")) + rule("Article", level(1, CHINESE, "第", "条"))
    rules += rule("Annex", level(1, STEMS, "", "、")) + rule("Sums", level(1, CAPITAL, "", "、"))
    going = 'text:continue-numbering="true"'
    body = item("Chapter", 1, "总则", 'xml:id="c"') + item("Article", 1, "为了规范。", 'xml:id="a"')
    body += "".join(item("Article", 1, f"本条之{place}。", going) for place in "甲乙丙丁戊己庚辛壬")
    body += item("Chapter", 1, "罚则", 'text:continue-list="c"') + item(
        "Article", 1, "续数。", 'text:continue-list="a"'
    )
    body += "".join(item("Article", 1, f"其{place}。", going) for place in "甲乙丙丁戊己庚辛壬癸")
    body += item("Annex", 1, "附件") + item("Annex", 1, "附表", going) + item("Sums", 1, "金额")
    body += item("Article", 1, "另起。", "", 'text:start-value="5"') + item("Article", 1, "再续。", going)
    return rules, body


def point(text, style, more='text:continue-numbering="true"'):
    """A paragraph whose style is numbered, in the list of that style."""
    return f'<text:list text:style-name="Points" {more}><text:list-item>{p(text, style)}</text:list-item></text:list>'


def styles():
    """Numbers that come from styles: numbered headings, a numbered paragraph style and one that inherits it."""
    ranks = (level(1, CHINESE, "", "、"), level(2, CHINESE, "（", "）"), level(3, "1", "", "、"))
    outline_levels = "".join(ranks).replace("list-level-style-number", "outline-level-style")
    rules = "".join(
        f'<style:style style:name="Heading_20_{rank}" style:family="paragraph" style:default-outline-level="{rank}"/>'
        for rank in (1, 2, 3)
    )
    rules += f'<text:outline-style style:name="Outline">{outline_levels}</text:outline-style>'
    rules += rule("Points", level(1, "1", "", "）"))
    rules += '<style:style style:name="Point" style:family="paragraph" style:list-style-name="Points"/>'
    rules += '<style:style style:name="Child" style:family="paragraph" style:parent-style-name="Point"/>'
    body = head("工作情况", 1) + head("制度建设", 2) + p("正文。") + point("点一", "Point", "") + point("点二", "Child")
    body += head("行政执法", 2) + head("培训", 3) + head("检查", 3) + point("点三", "Point")
    body += head("不编号的标题", 1, 'text:is-list-header="true"') + head("存在问题", 1) + head("重新数起", 2)
    return rules, body


def formats():
    """One list of twelve for each of the other forms of numbers that LibreOffice writes to Word files."""
    forms = ["1", "A", "a", "I", "i", CAPITAL, CIRCLED, STEMS, "壹, 貳, 參, ...", "子, 丑, 寅, ...", "１, ２, ３, ..."]
    rules = "".join(rule(f"Form{place}", level(1, form, "", "：")) for place, form in enumerate(forms))
    return rules, "".join(items(f"Form{place}", *[(1, "文")] * 12) for place in range(len(forms)))


def table(*rows):
    lines = "".join(
        f"<table:table-row>{''.join(f'<table:table-cell>{cell}</table:table-cell>' for cell in row)}</table:table-row>"
        for row in rows
    )
    return f'<table:table><table:table-column table:number-columns-repeated="{len(rows[0])}"/>{lines}</table:table>'


def note(kind, mark, text):
    return (
        f'<text:note text:note-class="{kind}"><text:note-citation>{mark}</text:note-citation>'
        f"<text:note-body>{p(text)}</text:note-body></text:note>"
    )


def box(*lines):
    return (
        '<draw:frame draw:style-name="Below" text:anchor-type="as-char" svg:width="12cm" svg:height="3cm">'
        f"<draw:text-box>{''.join(lines)}</draw:text-box></draw:frame>"
    )


def parts():
    """Tables with numbers in cells, a table in a table, notes, a text box: what stands outside the running text."""
    going = 'text:continue-numbering="true"'
    inner = table((p("内左"), p("内右")), (p("下左"), p("下右")))
    body = item("Report", 1, "表前") + table((p("项目"), p("件数")), (item("Report", 2, "许可", going), p("百件")))
    body += table((item("Report", 2, "处罚", going) + p("同格另段"),)) + table((inner,))
    body += p(f"有脚注的话。{note('footnote', 1, '脚注甲')}") + p(f"又一句。{note('footnote', 2, '脚注乙')}")
    body += item("Report", 1, "文本框前", going) + p(box(p("框内一行"), p("框内二行"))) + p("文本框后")
    body += p(f"末句。{note('endnote', 1, '尾注丙')}")
    return OUTLINE, body


def flat(rules, body):
    page = (
        '<style:page-layout style:name="Page"><style:page-layout-properties fo:page-width="21cm" '
        'fo:page-height="90cm" fo:margin="2cm"/></style:page-layout>'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {NAMESPACES} office:version="1.3" '
        f'office:mimetype="application/vnd.oasis.opendocument.text"><office:styles>{rules}</office:styles>'
        f"<office:automatic-styles>{page}</office:automatic-styles><office:master-styles>"
        '<style:master-page style:name="Standard" style:page-layout-name="Page"/></office:master-styles>'
        f"<office:body><office:text>{body}</office:text></office:body></office:document>"
    )


def convert(path, ending, profile):
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", ending]
    subprocess.run([*command, "--outdir", path.parent, path], check=True, capture_output=True)
    return path.with_suffix(f".{ending}")


def lines_of(pdf):
    """Return the printed lines without blanks: where text is set on a page is not what is compared."""
    done = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True)  # noqa: S607
    return [line for line in (re.sub(r"\s", "", line) for line in done.stdout.decode("utf-8").split("\n")) if line]


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for write in (outline, articles, styles, formats, parts):
            source = folder / f"{write.__name__}.fodt"
            source.write_text(flat(*write()), encoding="utf-8")
            document = convert(source, "docx", folder / "profile")
            lines = lines_of(convert(document, "pdf", folder / "profile"))
            (HERE / document.name).write_bytes(document.read_bytes())
            (HERE / f"{write.__name__}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
