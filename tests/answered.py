"""Examples in two lines: `answered("one", 3, "work", ("digital",), "张")` is paragraph 3 of document one, as 张 sees it."""

from fazhi.model.labels import Example, load_scheme, uid_of

SCHEME = load_scheme()
HOSTILE = "</style><script>document.title='owned'</script><b>执法</b> & {note}"


def answered(document, index, section, themes=(), annotator="a", **changes):
    values = {
        "uid": uid_of(document, index * 10, index * 10 + 9),
        "document": f"reports/{document}.txt",
        "sha256": document,
        "index": index,
        "count": 20,
        "start": index * 10,
        "end": index * 10 + 9,
        "text": f"第{index}段",
        "clean": f"第{index}段",
        "level": int(section == "heading"),
        "marker": "",
        "path": ("一、工作<i>",),
        "section": section,
        "themes": themes,
        "kind": "vote",
        "annotator": annotator,
        "source": "label-studio",
        "round": 0,
        "scheme": SCHEME.fingerprint,
        "segmenter": "1",
    }
    return Example(**values | changes)
