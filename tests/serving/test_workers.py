"""Several processes: one that dies over an input costs that input alone."""

import multiprocessing
import os
import signal

import pytest

from fazhi.model import load_tagger
from fazhi.model.bundle import find_bundle
from fazhi.serving import workers
from fazhi.serving.batch import TagSettings, tag_one
from fazhi.serving.inputs import find_inputs

pytestmark = pytest.mark.skipif(
    multiprocessing.get_start_method() != "fork", reason="workers do not inherit what the test replaces"
)


@pytest.fixture
def inputs(tmp_path):
    for name in ("1", "2 kills", "3", "4", "5 kills", "6", "7"):
        (tmp_path / f"{name}.txt").write_text("一、工作情况\n开展行政执法检查3次。", encoding="utf-8")
    return find_inputs([str(tmp_path)]).files


def test_an_input_that_ends_its_process_is_named_and_stops_nothing(inputs, monkeypatch):
    def dies(each, *given):
        if "kills" in each.path:
            os.kill(os.getpid(), signal.SIGKILL)
        return tag_one(each, *given)

    monkeypatch.setattr(workers, "tag_one", dies)
    bundle = find_bundle("linear")
    found = list(workers.tag_side_by_side(inputs, load_tagger(bundle), TagSettings(bundle, 0.0, None), 2))
    assert [each.source for each in found] == list(inputs)
    assert ["kills" in each.source.path for each in found] == [each.error is not None for each in found]
    assert all("ended the process that read it" in str(each.error) for each in found if each.error)
