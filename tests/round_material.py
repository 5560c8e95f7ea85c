"""Small reports for rounds, a server that is not there, and death between any two writes."""

from contextlib import contextmanager

from fazhi.annotation.rounds.pool import Sieve
from fazhi.annotation.rounds.setup import Material, Shares, begin
from fazhi.annotation.rounds.start import Wanted, start_round
from fazhi.model import writing
from fazhi.model.labels import load_scheme
from fazhi.model.reading import document_from_text
from fazhi.model.report import segment

SCHEME = load_scheme()
SENTENCES = [
    "全年办理行政复议案件三十二件,负责人出庭应诉率达到百分之百。",
    "组织开展宪法宣传周和民法典进乡村活动四十余场。",
    "梳理公布权责清单,推行证明事项告知承诺制,企业开办一日办结。",
    "制定规范性文件七件,全部经过合法性审核并按时报送备案。",
    "聘请法律顾问参与重大行政决策,开展风险评估和专家论证。",
    "推行行政执法三项制度,评查执法案卷一百二十宗。",
    "修订突发事件应急预案,组织防汛演练两次。",
    "设立公共法律服务站,提供法律援助二百人次。",
    "办理人大代表建议和政协提案,主动公开政府信息。",
    "建成一体化政务平台,归集电子证照数据。",
    "举办领导干部法治专题培训班,常务会议学法四次。",
    "召开依法治县委员会会议,印发年度工作要点。",
]


def reports(*names, sentences=SENTENCES):
    """Reports of a title and one paragraph a sentence; the name makes nothing in the sentences different."""
    return [
        segment(document_from_text("\n".join([f"{name}县法治政府建设报告", *sentences]), f"{name}.txt"))
        for name in names
    ]


def begun(rounds, *, names=("甲",), base=(), audit=0.25, twice=0.25, seed=0):
    begin(rounds, Material(reports(*names), base), Sieve(), Shares(audit, twice), (seed, SCHEME.fingerprint))


def started(rounds, tagger, size=4, strategy=""):
    return start_round(rounds, Wanted(size, strategy), tagger)


class Killed(BaseException):
    """What no `except Exception` catches."""


@contextmanager
def dying(monkeypatch, at, after):
    """Die at a write, counted from 0: before it takes its name, or just after."""
    real, seen = writing.os.replace, []

    def replace(source, target):
        seen.append(target)
        if len(seen) - 1 == at and not after:
            raise Killed
        real(source, target)
        if len(seen) - 1 == at and after:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(writing.os, "replace", replace)
        yield seen


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def killed_everywhere(monkeypatch, make, tmp_path, step):
    """Kill a step at each of its writes, repeat it, and return the folders with the one that was never killed first."""
    whole = make(tmp_path / "whole")
    with dying(monkeypatch, -1, after=False) as writes:
        step(whole)
    found = [contents(whole)]
    for at in range(len(writes)):
        for after in (False, True):
            rounds = make(tmp_path / f"{at}-{after}")
            try:
                with dying(monkeypatch, at, after):
                    step(rounds)
            except Killed:
                step(rounds)
            else:
                raise AssertionError(f"write {at} did not happen")
            found.append(contents(rounds))
    return found
