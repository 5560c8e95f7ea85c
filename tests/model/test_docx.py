"""Word documents to text: what is read, how lists are numbered, and what is refused. The files are written here."""

import io
import zipfile

import pytest

from fazhi.model.reading import InputError, container, package
from fazhi.model.reading.docx import docx_text
from fazhi.model.reading.numerals import numeral

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KINDS = ("numbering", "styles", "footnotes", "endnotes")
CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/word/numbering.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/>'
    '<Override PartName="/word/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>'
)


def relations(pairs):
    items = "".join(
        f'<Relationship Id="r{n}" Type="{RELATION}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(pairs)
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{items}</Relationships>'
    )


def part(tag, content):
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:{tag} {NAMESPACES}>{content}</w:{tag}>'


def zipped(files, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def docx(body, **parts):
    """Build a file around the content of w:body; `parts` are the contents of numbering, styles and notes."""
    files = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": relations([("officeDocument", "word/document.xml")]),
        "word/_rels/document.xml.rels": relations([(kind, f"{kind}.xml") for kind in parts if kind in KINDS]),
        "word/document.xml": part("document", f"<w:body>{body}</w:body>"),
    }
    return zipped(files | {f"word/{kind}.xml": part(kind, content) for kind, content in parts.items()})


def read(body, **parts):
    return docx_text(docx(body, **parts), "a.docx").split("\n")


def t(text):
    return f'<w:t xml:space="preserve">{text}</w:t>'


def r(text, properties=""):
    return f"<w:r>{properties and f'<w:rPr>{properties}</w:rPr>'}{t(text)}</w:r>"


def p(content="", properties=""):
    """A paragraph of XML or of plain text."""
    runs = content if content.startswith("<") or not content else r(content)
    return f"<w:p>{properties and f'<w:pPr>{properties}</w:pPr>'}{runs}</w:p>"


def item(text, level=0, num=1):
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')


def styled(text, style):
    return p(text, f'<w:pStyle w:val="{style}"/>')


def lvl(level, number_format, pattern, extra="", start=1):
    """A level; `extra` are its children between numFmt and lvlText."""
    begin = f'<w:lvl w:ilvl="{level}"><w:start w:val="{start}"/><w:numFmt w:val="{number_format}"/>'
    return f'{begin}{extra}<w:lvlText w:val="{pattern}"/><w:lvlJc w:val="left"/></w:lvl>'


def abstract(levels, key=0, extra=""):
    kind = '<w:multiLevelType w:val="multilevel"/>'
    return f'<w:abstractNum w:abstractNumId="{key}">{kind}{extra}{"".join(levels)}</w:abstractNum>'


def num(key=1, target=0, overrides=""):
    return f'<w:num w:numId="{key}"><w:abstractNumId w:val="{target}"/>{overrides}</w:num>'


def restart(level, start):
    return f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride>'


def style(key, content, based_on="", kind="paragraph", default=False):
    based = based_on and f'<w:basedOn w:val="{based_on}"/>'
    first = ' w:default="1"' if default else ""
    return f'<w:style w:type="{kind}" w:styleId="{key}"{first}><w:name w:val="{key}"/>{based}<w:pPr>{content}</w:pPr></w:style>'


def num_pr(num_id="", level=""):
    place = level and f'<w:ilvl w:val="{level}"/>'
    number = num_id and f'<w:numId w:val="{num_id}"/>'
    return f"<w:numPr>{place}{number}</w:numPr>"


REPORT = [
    lvl(0, "chineseCountingThousand", "第%1章"),
    lvl(1, "chineseCounting", "%2、"),
    lvl(2, "chineseCounting", "（%3）"),
    lvl(3, "decimal", "%4."),
    lvl(4, "decimalEnclosedCircle", "%5"),
]


def numbers(levels, items, **parts):
    """Number paragraphs that all say 文."""
    body = "".join(item("文", *([entry] if isinstance(entry, int) else entry)) for entry in items)
    return [line.removesuffix("文") for line in read(body, **({"numbering": abstract(levels) + num()} | parts))]


# --- content ---


def test_paragraphs_are_lines_and_blank_ones_are_left_out():
    assert read(p("法治政府") + p() + p("　　二〇二三年")) == ["法治政府", "二〇二三年"]


def test_signs_inside_a_run():
    run = f"<w:r>{t('甲')}<w:tab/>{t('乙')}<w:br/>{t('丙')}<w:noBreakHyphen/>{t('丁')}<w:softHyphen/><w:cr/>{t('戊')}</w:r>"
    assert read(p(run)) == ["甲 乙", "丙-丁", "戊"]


def test_symbols_of_text_fonts_are_kept_and_those_of_picture_fonts_not():
    run = '<w:r><w:sym w:font="宋体" w:char="3007"/><w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:char="zz"/><w:sym w:char="FFFFFFFF"/></w:r>'
    assert read(p(run)) == ["〇"]


def test_blanks_of_the_xml_layout_are_not_text():
    assert read(p("<w:r><w:t>\n  依法\n行政 </w:t></w:r>")) == ["依法 行政"]


def test_tracked_changes_are_taken_as_accepted():
    changes = f"<w:ins>{r('新')}</w:ins><w:del><w:r><w:delText>旧</w:delText></w:r>{r('旧')}</w:del><w:moveFrom>{r('去')}</w:moveFrom><w:moveTo>{r('来')}</w:moveTo>"
    assert read(p(changes)) == ["新来"]


def test_a_paragraph_with_a_deleted_mark_goes_on_in_the_next_one():
    levels = [lvl(0, "chineseCounting", "%1、")]
    deleted = '<w:rPr><w:del w:id="1"/></w:rPr>'
    place = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = item("一") + p("前半，", place + deleted) + item("后半。") + item("三")
    assert read(body, numbering=abstract(levels) + num()) == ["一、一", "二、前半，后半。", "三、三"]


def test_a_deleted_mark_at_the_end_loses_nothing():
    assert read(p("末", "<w:rPr><w:del/></w:rPr>")) == ["末"]


def field(kind):
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def test_fields_give_their_result_and_not_their_instruction():
    inner = field("begin") + r("内") + field("separate") + r("指令") + field("end")
    body = p(
        field("begin")
        + "<w:r><w:instrText>IF</w:instrText></w:r>"
        + inner
        + field("separate")
        + r("结果")
        + field("end")
        + r("后")
    )
    assert read(body) == ["结果后"]


def test_a_field_may_run_over_paragraphs():
    assert read(
        p(field("begin") + r("TOC") + field("separate") + r("第一章")) + p("第二章") + p(field("end") + r("尾"))
    ) == ["第一章", "第二章", "尾"]


def test_simple_fields_hyperlinks_tags_and_ruby():
    body = (
        p(f'<w:fldSimple w:instr="PAGE">{r("3")}</w:fldSimple><w:hyperlink r:id="x">{r("链接")}</w:hyperlink>')
        + f"<w:sdt><w:sdtPr><w:alias/>{r('属性')}</w:sdtPr><w:sdtContent>{p('标签内')}</w:sdtContent></w:sdt>"
        + p(f"<w:sdt><w:sdtContent>{r('行内')}</w:sdtContent></w:sdt><w:smartTag>{r('智能')}</w:smartTag>")
        + p(
            f"<w:r><w:ruby><w:rt>{r('fǎ')}</w:rt><w:rubyBase>{r('法')}</w:rubyBase></w:ruby></w:r><m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>"
        )
    )
    assert read(body) == ["3链接", "标签内", "行内智能", "法x=1"]


def test_hidden_text_does_not_print():
    assert read(p(r("见") + r("不见", "<w:vanish/>") + r("又见", '<w:vanish w:val="0"/>'))) == ["见又见"]


def cell(*paragraphs):
    return f"<w:tc><w:tcPr/>{''.join(paragraphs)}</w:tc>"


def table(*rows):
    return f"<w:tbl><w:tblPr/>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def test_a_table_row_is_a_line_with_tabs():
    body = (
        p("前")
        + table(cell(p("项目")) + cell(p("件数")), cell(p()) + cell(p("复议")) + cell(p("7"), p("件")))
        + p("后")
    )
    assert read(body) == ["前", "项目\t件数", "\t复议\t7 件", "后"]


def test_a_frame_around_the_report_keeps_its_paragraphs():
    inner = table(cell(p("甲")) + cell(p("乙")))
    assert read(table(cell(p("一、工作"), inner, p("二、问题")))) == ["一、工作", "甲\t乙", "二、问题"]


def test_a_nested_table_in_a_filled_row_and_rows_behind_tags():
    inner = table(cell(p("内一")) + cell(p("内二")))
    wrapped = f"<w:sdt><w:sdtContent><w:tr>{cell(p('左'))}{cell(inner, p())}</w:tr></w:sdtContent></w:sdt>"
    assert read(f"<w:tbl>{wrapped}</w:tbl>") == ["左\t内一\t内二"]


def test_deleted_rows_and_cells_are_left_out():
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{cell(p('删'))}</w:tr>"
    row = f"<w:tr>{cell(p('甲'))}<w:tc><w:tcPr><w:cellDel/></w:tcPr>{p('删')}</w:tc>{cell(p('乙'))}</w:tr>"
    assert read(f"<w:tbl>{gone}{row}</w:tbl>") == ["甲\t乙"]


def box(*paragraphs):
    return f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"


def test_a_text_box_is_read_once_after_its_paragraph():
    choice = f'<mc:Choice Requires="wps"><w:drawing><wps:txbx>{box(p("框内"))}</wps:txbx></w:drawing></mc:Choice>'
    fallback = f"<mc:Fallback><w:pict><v:textbox>{box(p('框内'))}</v:textbox></w:pict></mc:Fallback>"
    body = p(f"{r('正')}<w:r><mc:AlternateContent>{choice}{fallback}</mc:AlternateContent></w:r>{r('文')}")
    assert read(body) == ["正文", "框内"]


def test_an_old_text_box_and_a_choice_without_text():
    old = p(f"<w:r><w:pict><v:textbox>{box(p('旧框'))}</v:textbox></w:pict></w:r>")
    emoji = p(
        f'<w:r><mc:AlternateContent><mc:Choice Requires="x"><w:drawing/></mc:Choice><mc:Fallback>{t("替")}</mc:Fallback></mc:AlternateContent></w:r>'
    )
    block = f'<mc:AlternateContent><mc:Choice Requires="x">{p("甲")}</mc:Choice><mc:Fallback>{p("乙")}</mc:Fallback></mc:AlternateContent>'
    assert read(old + emoji + block) == ["旧框", "替", "甲"]


def test_notes_stand_at_the_end_once_in_the_order_of_the_text():
    def call(kind, key):
        return f'<w:r><w:{kind}Reference w:id="{key}"/></w:r>'

    body = p(r("甲") + call("endnote", 2) + call("footnote", 3) + call("footnote", 2) + call("footnote", 3)) + p("乙")
    foot = f'<w:footnote w:type="separator" w:id="0">{p("线")}</w:footnote>' + "".join(
        f'<w:footnote w:id="{key}">{p("<w:r><w:footnoteRef/></w:r>" + r(" 脚注" + key))}</w:footnote>' for key in "234"
    )
    end = f'<w:endnote w:id="2">{p("尾注")}</w:endnote>'
    assert read(body, footnotes=foot, endnotes=end) == ["甲", "乙", "脚注3", "脚注2", "尾注"]


def test_headers_and_footers_are_left_out():
    data = docx(p("正文") + '<w:sectPr><w:headerReference r:id="r9"/></w:sectPr>', header1=p("页眉"))
    assert docx_text(data, "a.docx") == "正文"


def test_comments_in_the_xml_and_characters_beyond_the_bmp():
    assert read(p(f"<w:r><!-- x --><?pi x?>{t('𠮷地')}</w:r>")) == ["𠮷地"]


def test_the_document_part_is_found_by_its_relation_in_strict_files_too():
    strict = part("document", f"<w:body>{p('严')}</w:body>").replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert (
        docx_text(zipped({"_rels/.rels": relations([("officeDocument", "/x/y.xml")]), "x/y.xml": strict}), "a") == "严"
    )


# --- numbering ---


@pytest.mark.parametrize(
    ("number_format", "value", "text"),
    [
        ("chineseCounting", 10, "十"),
        ("chineseCounting", 20, "二十"),
        ("chineseCounting", 99, "九十九"),
        ("chineseCounting", 101, "一〇一"),
        ("chineseCountingThousand", 10, "十"),
        ("chineseCountingThousand", 101, "一百零一"),
        ("chineseCountingThousand", 110, "一百一十"),
        ("chineseCountingThousand", 1005, "一千零五"),
        ("chineseCountingThousand", 10010, "一万零一十"),
        ("chineseCountingThousand", 100000, "十万"),
        ("taiwaneseCounting", 12, "十二"),
        ("taiwaneseCountingThousand", 112, "一百一十二"),
        ("japaneseCounting", 111, "百十一"),
        ("japaneseCounting", 205, "二百五"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("chineseLegalSimplified", 305, "叁佰零伍"),
        ("ideographLegalTraditional", 3, "參"),
        ("ideographTraditional", 10, "癸"),
        ("ideographTraditional", 11, "11"),
        ("ideographZodiac", 12, "亥"),
        ("ideographZodiacTraditional", 60, "癸亥"),
        ("ideographDigital", 10, "一〇"),
        ("ideographEnclosedCircle", 10, "㊉"),
        ("decimalEnclosedCircle", 20, "⑳"),
        ("decimalEnclosedCircle", 21, "21"),
        ("decimalEnclosedCircleChinese", 1, "①"),
        ("decimalEnclosedParen", 20, "⒇"),
        ("decimalEnclosedFullstop", 2, "⒉"),
        ("decimalFullWidth", 12, "１２"),
        ("decimalZero", 9, "09"),
        ("decimalZero", 10, "10"),
        ("upperRoman", 1994, "MCMXCIV"),
        ("lowerRoman", 4, "iv"),
        ("lowerRoman", 999_999_999, "999999999"),
        ("upperLetter", 26, "Z"),
        ("lowerLetter", 28, "bb"),
        ("upperLetter", 999_999_999, "999999999"),
        ("chineseCounting", 0, "〇"),
        ("chineseCounting", -1, "-1"),
        ("upperRoman", 0, "0"),
        ("bullet", 3, ""),
        ("none", 3, ""),
        ("unheardOf", 3, "3"),
    ],
)
def test_numerals(number_format, value, text):
    assert numeral(value, number_format) == text


def test_a_report_is_numbered_like_its_outline():
    levels = [0, 1, 2, 3, 4, 4, 3, 2, 1, 2, 0, 1]
    assert numbers(REPORT, levels) == [
        "第一章 ", "一、", "（一）", "1. ", "①", "②", "2. ", "（二）", "二、", "（一）", "第二章 ", "一、",
    ]  # fmt: skip


def test_chinese_counting_up_to_twenty_three():
    assert numbers([lvl(0, "chineseCounting", "%1、")], [0] * 23)[8:] == [
        "九、", "十、", "十一、", "十二、", "十三、", "十四、", "十五、", "十六、",
        "十七、", "十八、", "十九、", "二十、", "二十一、", "二十二、", "二十三、",
    ]  # fmt: skip


def test_each_place_keeps_the_format_of_its_own_level():
    levels = [lvl(0, "chineseCounting", "%1、"), lvl(1, "decimal", "%1.%2"), lvl(2, "lowerLetter", "%1.%2.%3)")]
    assert numbers(levels, [0, 1, 1, 2, 2, 0, 1]) == ["一、", "一.1 ", "一.2 ", "一.2.a) ", "一.2.b) ", "二、", "二.1 "]


def test_legal_numbering_shows_all_places_in_decimal():
    levels = [lvl(0, "chineseCounting", "第%1章"), lvl(1, "upperRoman", "%1.%2", "<w:isLgl/>")]
    assert numbers(levels, [0, 0, 1]) == ["第一章 ", "第二章 ", "2.1 "]


def test_an_upper_level_that_was_not_used_shows_its_start():
    levels = [lvl(0, "decimal", "%1."), lvl(1, "decimal", "%1.%2")]
    assert numbers(levels, [1, 1, 0, 1]) == ["1.1 ", "1.2 ", "2. ", "2.1 "]


def test_start_values_and_levels_that_do_not_restart():
    levels = [lvl(0, "decimal", "%1.", start=3), lvl(1, "decimal", "(%2)", '<w:lvlRestart w:val="0"/>')]
    assert numbers(levels, [0, 1, 1, 0, 1]) == ["3. ", "(1) ", "(2) ", "4. ", "(3) "]


def test_a_level_that_restarts_after_the_first_level_only():
    levels = [
        lvl(0, "decimal", "%1."),
        lvl(1, "decimal", "(%2)"),
        lvl(2, "decimal", "%3)", '<w:lvlRestart w:val="1"/>'),
    ]
    assert numbers(levels, [0, 1, 2, 1, 2, 0, 1, 2]) == ["1. ", "(1) ", "1) ", "(2) ", "2) ", "2. ", "(1) ", "1) "]


def test_lists_on_one_abstract_list_go_on_and_an_override_starts_anew_once():
    lists = abstract([lvl(0, "decimal", "%1.")]) + num(1) + num(2) + num(3, overrides=restart(0, 5))
    assert numbers([], [(0, 1), (0, 2), (0, 3), (0, 3), (0, 1)], numbering=lists) == ["1. ", "2. ", "5. ", "6. ", "7. "]


def test_an_override_may_replace_a_level():
    lists = (
        abstract([lvl(0, "decimal", "%1.")])
        + num(1)
        + num(2, overrides=f'<w:lvlOverride w:ilvl="0">{lvl(0, "chineseCounting", "%1、")}</w:lvlOverride>')
    )
    assert numbers([], [(0, 1), (0, 2)], numbering=lists) == ["1. ", "二、"]


def test_lists_on_two_abstract_lists_count_apart():
    lists = (
        abstract([lvl(0, "decimal", "%1.")], 0)
        + abstract([lvl(0, "chineseCounting", "%1、")], 1)
        + num(1, 0)
        + num(2, 1)
    )
    assert numbers([], [(0, 1), (0, 2), (0, 1), (0, 2)], numbering=lists) == ["1. ", "一、", "2. ", "二、"]


@pytest.mark.parametrize(
    ("suffix", "pattern", "number"),
    [
        ("tab", "%1、", "一、"),
        ("space", "（%1）", "（一）"),
        ("tab", "(%1)", "(一)"),
        ("space", "第%1条", "第一条 "),
        ("nothing", "第%1条", "第一条"),
        ("nothing", "第%1条　", "第一条 "),
        ("tab", "", ""),
        ("tab", "附件%2", "附件 "),
    ],
)
def test_what_stands_between_number_and_text(suffix, pattern, number):
    assert numbers([lvl(0, "chineseCounting", pattern, f'<w:suff w:val="{suffix}"/>')], [0]) == [number]


def test_bullets_are_left_out_and_fixed_texts_kept():
    assert numbers([lvl(0, "bullet", "●"), lvl(1, "none", "附：")], [0, 1]) == ["", "附："]


def test_list_id_zero_takes_the_number_of_the_style_away():
    styles = style("H", num_pr("1"))
    body = styled("甲", "H") + p("乙", '<w:pStyle w:val="H"/>' + num_pr("0")) + styled("丙", "H")
    assert read(body, styles=styles, numbering=abstract(REPORT[1:2]) + num()) == ["甲", "乙", "丙"]  # no level 0 here
    levels = [lvl(0, "chineseCounting", "%1、")]
    assert read(body, styles=styles, numbering=abstract(levels) + num()) == ["一、甲", "乙", "二、丙"]


def test_styles_bring_numbers_and_inherit_them():
    levels = [
        lvl(0, "chineseCounting", "%1、", '<w:pStyle w:val="H1"/>'),
        lvl(1, "chineseCounting", "（%2）", '<w:pStyle w:val="H2"/>'),
    ]
    styles = (
        style("N", "", default=True)
        + style("H1", num_pr("1"), "N")
        + style("H2", num_pr(level="1"), "H1")
        + style("My", "", "H2")
    )
    body = styled("甲", "H1") + styled("乙", "H2") + styled("丙", "My") + p("正文") + styled("丁", "H1")
    assert read(body, styles=styles, numbering=abstract(levels) + num()) == [
        "一、甲",
        "（一）乙",
        "（二）丙",
        "正文",
        "二、丁",
    ]


def test_the_default_style_and_loops_of_styles():
    styles = style("N", num_pr("1"), "M", default=True) + style("M", "", "N")
    assert read(p("甲") + styled("乙", "M"), styles=styles, numbering=abstract([lvl(0, "decimal", "%1.")]) + num()) == [
        "1. 甲",
        "2. 乙",
    ]


def test_a_list_style_is_followed_to_the_list_that_defines_it():
    defined = abstract([lvl(0, "chineseCounting", "%1、")], 0, '<w:styleLink w:val="L"/>')
    linked = abstract([], 1, '<w:numStyleLink w:val="L"/>')
    lists = defined + linked + num(1, 0) + num(2, 1)
    assert read(
        item("甲", num=2) + item("乙", num=2), styles=style("L", num_pr("1"), kind="numbering"), numbering=lists
    ) == ["一、甲", "二、乙"]
    assert read(item("甲", num=2), numbering=lists) == ["一、甲"]


def test_list_styles_that_point_at_each_other_give_no_number():
    lists = abstract([], 0, '<w:numStyleLink w:val="L"/>') + num(1, 0)
    assert read(item("甲"), styles=style("L", num_pr("1"), kind="numbering"), numbering=lists) == ["甲"]


def test_earlier_states_of_tracked_formatting_do_not_number():
    old = f"<w:pPrChange><w:pPr>{num_pr('1', '0')}</w:pPr></w:pPrChange>"
    assert read(p("甲", old), numbering=abstract(REPORT) + num()) == ["甲"]


def test_a_custom_format_falls_back_to_its_ordinary_one():
    choice = '<mc:AlternateContent><mc:Choice Requires="w14"><w:numFmt w:val="custom" w:format="001, 002"/></mc:Choice><mc:Fallback><w:numFmt w:val="decimalZero"/></mc:Fallback></mc:AlternateContent>'
    level = f'<w:lvl w:ilvl="0"><w:start w:val="1"/>{choice}<w:lvlText w:val="%1、"/></w:lvl>'
    assert numbers([level], [0]) == ["01、"]


def test_numbers_run_on_through_tables_and_text_boxes():
    levels = [lvl(0, "chineseCounting", "%1、")]
    body = (
        item("甲")
        + table(cell(item("乙")) + cell(item("丙")))
        + p(f"<w:r><w:pict>{box(item('丁'))}</w:pict></w:r>")
        + item("戊")
    )
    assert read(body, numbering=abstract(levels) + num()) == ["一、甲", "二、乙\t三、丙", "四、丁", "五、戊"]


@pytest.mark.parametrize("bad", ["x", "-1", "9", "99999999999999999999", "１"])
def test_nonsense_in_numbers_is_no_number(bad):
    body = p("甲", f'<w:numPr><w:ilvl w:val="{bad}"/><w:numId w:val="{bad}"/></w:numPr>')
    levels = [f'<w:lvl w:ilvl="{bad}"><w:start w:val="{bad}"/></w:lvl>']
    assert read(body, numbering=abstract(levels) + num(bad)) == ["甲"]


def test_an_endless_level_text_is_cut():
    assert len(numbers([lvl(0, "decimal", "x" * 100_000)], [0])[0]) <= 101


# --- hostile and broken files ---


def refused(data, match):
    with pytest.raises(InputError, match=match) as caught:
        docx_text(data, "a.docx")
    assert "\n" not in str(caught.value)
    assert "a.docx" in str(caught.value)


def patched(data, offset, value):
    """Set the 16-bit field at `offset` of every central directory entry, and of its local header 2 bytes before."""
    data = bytearray(data)
    for signature, place in ((b"PK\x01\x02", offset), (b"PK\x03\x04", offset - 2)):
        at = data.find(signature)
        while at >= 0:
            data[at + place : at + place + 2] = value.to_bytes(2, "little")
            at = data.find(signature, at + 4)
    return bytes(data)


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"plain text", b"\xd0\xcf\x11\xe0" * 100, docx(p("甲"))[:-30], docx(p("甲"))[:300]]
)
def test_no_zip_and_truncated_zip(data):
    refused(data, "damaged zip container")


def test_a_damaged_part():
    data = zipped({"word/document.xml": part("document", f"<w:body>{p('甲' * 50)}</w:body>")}, zipfile.ZIP_STORED)
    refused(data.replace("甲".encode(), "乙".encode(), 1), "damaged zip container")


def test_an_encrypted_part():
    refused(patched(docx(p("甲")), 8, 1), "is encrypted — save it without a password")


def test_an_unusual_packing_method():
    refused(patched(docx(p("甲")), 10, 14), "packed by method 14")


@pytest.mark.parametrize(
    ("entry", "match"),
    [
        ("xl/workbook.xml", "Excel"),
        ("ppt/presentation.xml", "PowerPoint"),
        ("content.xml", "OpenDocument"),
        ("OFD.xml", "OFD"),
        ("a.txt", "no Word document"),
        ("word/document2.xml", "no Word document"),
    ],
)
def test_other_containers(entry, match):
    refused(zipped({entry: "<a/>"}), match)


def test_a_missing_body_and_a_document_without_text():
    refused(zipped({"word/document.xml": part("document", "")}), "no Word document")
    refused(docx(p() + p("<w:r><w:drawing/></w:r>")), "holds no text")


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_a_doctype_is_refused_in_every_part(codec):
    doctype = f'<?xml version="1.0" encoding="{codec}"?><!DOCTYPE x [<!ENTITY a "aa">]>'
    good = {"word/document.xml": part("document", f"<w:body>{p('甲')}</w:body>")}
    refused(zipped({"word/document.xml": f"{doctype}<x>&a;</x>".encode(codec)}), "DOCTYPE")
    refused(zipped(good | {"_rels/.rels": f"{doctype}<x/>".encode(codec)}), "DOCTYPE")
    rels = relations([("numbering", "numbering.xml")])
    refused(
        zipped(good | {"word/_rels/document.xml.rels": rels, "word/numbering.xml": f"{doctype}<x/>".encode(codec)}),
        "DOCTYPE",
    )


def test_broken_xml():
    refused(zipped({"word/document.xml": "<w:document"}), "is not sound XML")
    refused(zipped({"word/document.xml": ""}), "is not sound XML")


def test_a_zip_bomb_by_its_ratio(monkeypatch):
    monkeypatch.setattr(container, "RATIO_FROM", 10_000)
    monkeypatch.setattr(container, "MAX_RATIO", 20)
    refused(docx(p("甲" * 100_000)), "more than 20 times its size — this looks like a zip bomb")


def test_a_real_zip_bomb():
    refused(zipped({"word/document.xml": b" " * 50_000_000}), "zip bomb")


def test_the_sum_of_the_parts_is_limited(monkeypatch):
    monkeypatch.setattr(package, "MAX_UNPACKED", 10_000)
    refused(docx(p("甲" * 2000), numbering=f"<!--{'x' * 6000}-->"), "unpacks to more than")


def test_a_directory_that_lies_about_sizes():
    data = docx(p("甲" * 1000))
    size = len(part("document", f"<w:body>{p('甲' * 1000)}</w:body>").encode())
    lying = data.replace(size.to_bytes(4, "little"), (500).to_bytes(4, "little"))
    assert lying != data
    refused(lying, "damaged zip container|not sound XML")


def test_too_many_entries(monkeypatch):
    monkeypatch.setattr(container, "MAX_ENTRIES", 3)
    refused(docx(p("甲")), "more than 3 entries")


def test_nesting_as_deep_as_the_parser_allows():
    depth = 120
    tags = p("深")
    for _ in range(depth):
        tags = f"<w:sdt><w:sdtContent>{tags}</w:sdtContent></w:sdt>"
    assert read(tags) == ["深"]
    tables = p("深")
    for _ in range(80):
        tables = table(cell(tables))
    assert read(tables) == ["深"]
    refused(docx("<w:sdt>" * 400 + "</w:sdt>" * 400), "is not sound XML")


def test_relations_that_lead_outside_are_not_followed():
    body = part("document", f"<w:body>{item('甲')}</w:body>")
    rels = relations([("numbering", "../../../../etc/passwd")]).replace('Target="', 'TargetMode="Internal" Target="')
    outside = relations([("styles", "http://example.invalid/s.xml")]).replace(
        'Target="', 'TargetMode="External" Target="'
    )
    for relation in (rels, outside):
        assert docx_text(zipped({"word/document.xml": body, "word/_rels/document.xml.rels": relation}), "a") == "甲"


def test_long_chains_of_styles_and_links_take_no_time():
    styles = "".join(style(f"s{n}", "", f"s{n + 1}") for n in range(3000))
    lists = "".join(abstract([], n, f'<w:numStyleLink w:val="x{n}"/>') + num(n + 1, n) for n in range(3000))
    assert read(styled("甲", "s0") + item("乙"), styles=styles, numbering=lists) == ["甲", "乙"]
