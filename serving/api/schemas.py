"""What comes in and goes out as JSON: bodies that are checked, and answers as the documentation shows them.

The paragraph is the one of `outputs.record`; a test holds the two together.
"""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

Score = Annotated[float, Field(ge=0.0, le=1.0)]
_MOST_HEADS, _LONGEST_HEAD = 8, 200


class Stretch(BaseModel):
    """A stretch of a paragraph: where it stands, and what its absence does to the score."""

    start: int
    end: int
    text: str
    clean: tuple[int, int]
    drop: float
    without: float


class Earned(Stretch):
    """The sentence that counts most for a theme, and the words in it."""

    words: Stretch | None


def _none_is_required(schema: dict[str, Any]) -> None:
    del schema["required"]


class TaggedParagraph(BaseModel):
    """A paragraph with its tags, as in the command line's JSONL: all fields, or those that were asked for.

    Of a paragraph that came without its report, document, sha256, start and end are null.
    """

    model_config = ConfigDict(json_schema_extra=_none_is_required)

    document: str | None
    sha256: str | None
    index: int
    start: int | None
    end: int | None
    text: str
    clean: str
    level: int
    marker: str
    path: list[str]
    flags: list[str]
    section: str
    section_score: float
    themes: list[str]
    theme_scores: dict[str, float]
    band: str
    model: str
    earned: dict[str, Earned] | None = Field(None, description="只在 explain 时 · only where explain was asked for")


def _whole(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("含有半个字符 holds half a character (a lone surrogate)") from None
    return text


Text = Annotated[str, AfterValidator(_whole)]
"""Text that every model and every output can take: JSON may bring halves of surrogate pairs."""

Words = Annotated[Text, Field(json_schema_extra={"pattern": r"\S"})]
"""Text to be tagged; what is blank is known to `reading`, which refuses it."""

FIELDS = frozenset(TaggedParagraph.model_fields)


def _known(name: str) -> str:
    if name not in FIELDS:
        raise ValueError(f"没有这个字段 is no field; 可选 choose of {', '.join(sorted(FIELDS))}")
    return name


FieldName = Annotated[str, AfterValidator(_known), Field(json_schema_extra={"enum": sorted(FIELDS)})]
Head = Annotated[Text, Field(max_length=_LONGEST_HEAD)]


class LoneParagraph(BaseModel):
    """A paragraph that comes without its report."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: Words
    path: list[Head] = Field(
        default=[], max_length=_MOST_HEADS, description="上级标题,由外到内 · heads above, outermost first"
    )


_ONE_OF: list[JsonValue] = [
    {"required": ["text"], "properties": {"text": {"type": "string"}, "paragraphs": {"type": "null"}}},
    {"required": ["paragraphs"], "properties": {"paragraphs": {"type": "array"}, "text": {"type": "null"}}},
]


class TagBody(BaseModel):
    """Either a whole report as text, which is cut, or paragraphs, each tagged by itself and never cut."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "example": {"paragraphs": [{"text": "开展行政执法检查3次。", "path": ["一、工作情况"]}]},
            "oneOf": _ONE_OF,
        },
    )

    text: Words | None = None
    paragraphs: list[LoneParagraph] | None = Field(None, min_length=1)
    document: Text = Field("text", max_length=255, description="结果里的文件名 · what results call the text")
    min_score: Score = Field(0.0, description="只提高阈值 · raises thresholds, never lowers them")
    fields: list[FieldName] | None = Field(None, min_length=1, description="只要这些字段 · only these fields")
    explain: bool = Field(False, description="标出得到主题的字句 · mark the words that earned each theme")


class TagAnswer(BaseModel):
    """Tagged paragraphs, in order."""

    model: str
    paragraphs: list[TaggedParagraph]


class ThemeCount(BaseModel):
    """How much of a report a theme takes: body paragraphs, and their share of its text."""

    paragraphs: int
    share: float


class Counts(BaseModel):
    """A report in numbers; body is every paragraph that is no heading."""

    paragraphs: int
    body: int
    check: int
    characters: int
    themes: dict[str, ThemeCount]


class Gap(BaseModel):
    """The paragraph that came nearest to a theme; nothing where no paragraph may carry themes."""

    document: str
    index: int | None
    score: float | None
    words: str


class ReportAnswer(BaseModel):
    """A report of an upload: its text, in which spans count, and its paragraphs."""

    document: str
    sha256: str
    text: str
    furniture: int = Field(description="略去的页眉页脚行数 · rows of page furniture left out")
    warnings: list[str] = Field(description="未读全、不像报告 · what could not be read, whether it looks like a report")
    counts: Counts
    not_found: dict[str, Gap] = Field(description="未见的主题与最接近的段落 · themes not found, and what came nearest")
    paragraphs: list[TaggedParagraph]


class NotTagged(BaseModel):
    """A file of an archive that gave nothing, and why."""

    document: str
    message: str
    hint: str


class ReportsAnswer(BaseModel):
    """The reports of an upload."""

    model: str
    scheme: str = Field(description="标注体系 · fingerprint of the label scheme")
    segmenter: str = Field(description="切分版本 · version of the cut that spans belong to")
    reports: list[ReportAnswer]
    not_tagged: list[NotTagged]
    left_out: int = Field(description="压缩包里其他格式的文件数 · files of other formats in an archive")


class ThemeLabel(BaseModel):
    """A theme, with the colours and the threshold that pages show."""

    id: str
    zh: str
    short: str
    en: str
    definition: str
    color: str
    ink: str
    threshold: float


class ComparedSide(BaseModel):
    """One of the files that are compared; an archive has several documents."""

    letter: str
    name: str
    documents: list[str]
    body: int
    characters: int
    skipped: int


class ComparedLine(BaseModel):
    """A theme or section on one side, as a line of the command line's JSONL."""

    kind: str
    id: str
    zh: str
    en: str
    side: str
    name: str
    reports: int
    found_in: int
    found: bool
    paragraphs: int
    share: float
    difference: float
    threshold: float | None
    nearest: Gap | None
    not_found: list[Gap]


class ComparisonAnswer(BaseModel):
    """Sides beside each other."""

    model: str
    same: bool = Field(description="各边报告相同 · the same reports on every side")
    shared: int = Field(description="不止在一边的报告数 · reports on more than one side")
    themes: list[ThemeLabel]
    sides: list[ComparedSide]
    records: list[ComparedLine]
    not_tagged: list[NotTagged]
