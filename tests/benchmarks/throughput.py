"""How many paragraphs a second the shipped encoder tags, beside a Hugging Face pipeline of the same encoder.

    python tests/benchmarks/throughput.py TORCH_BUNDLE [FAST_BUNDLE]

The five real reports; each side in a process of its own, on all cores, best of three runs after one to warm up. fazhi's
side reads, cuts and tokenises the files and gives themes and sections with the linear model's share; the pipeline gets
the same texts ready made, cut to the same length, and gives twelve sigmoid scores: one by one, and in batches of 16.
Rows of their own stand for the encoder before it was cut short: a pipeline in which every layer stands twice.
Also printed: the largest memory of fazhi's process, the time of `fazhi tag` for one report from start to file, and the
encoder's multiply-adds a second beside those of a float32 matrix product of this machine.
"""

import copy
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

REPORTS = sorted((Path(__file__).parents[2] / "seeds" / "reports").glob("*.txt"))
RUNS = 3


def best(run, *given):
    """Return the least seconds that a call takes, warmed up."""
    run(*given)
    return min(timed(run, *given) for _ in range(RUNS))


def timed(run, *given):
    start = time.perf_counter()
    run(*given)
    return time.perf_counter() - start


def ours(bundle):
    """Print paragraphs, tokens, seconds and memory of tagging the reports."""
    from fazhi.model.tagger import load_tagger

    tagger = load_tagger(bundle)
    paragraphs = [each.paragraph for path in REPORTS for each in tagger.tag(path).paragraphs]
    encoder = getattr(tagger.scorer.model, "first", tagger.scorer.model)
    tokens = sum(len(window.ids) for window in encoder.windower.windows(paragraphs))
    seconds = best(lambda: [tagger.tag(path) for path in REPORTS])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"paragraphs": len(paragraphs), "tokens": tokens, "seconds": seconds, "memory": memory}))


def classifier(bundle, times):
    """Return a Hugging Face pipeline on a bundle's encoder, the texts of the reports' paragraphs, how they are cut.

    Every layer stands there as many times as is asked.

    The heads are fresh: what the pipeline says means nothing, how long it takes does.
    """
    from safetensors.torch import load_file
    from torch.nn import ModuleList
    from transformers import AutoConfig, BertForSequenceClassification, PreTrainedTokenizerFast
    from transformers import pipeline as make_pipeline

    from fazhi.model.bundle import find_bundle, read_bundle
    from fazhi.model.reading import read_document
    from fazhi.model.report import segment

    folder = find_bundle(bundle)
    manifest = read_bundle(folder).manifest
    config = AutoConfig.for_model(**json.loads((folder / "encoder.json").read_text(encoding="utf-8")))
    config.num_labels, config.problem_type = 12, "multi_label_classification"
    model = BertForSequenceClassification(config)
    weights = {
        name.removeprefix("encoder."): value.float()
        for name, value in load_file(folder / "network.safetensors").items()
        if name.startswith("encoder.")
    }
    missing = model.bert.load_state_dict(weights, strict=False)
    assert not missing.unexpected_keys
    layers = model.bert.encoder.layer
    model.bert.encoder.layer = ModuleList([copy.deepcopy(layer) for layer in layers for _ in range(times)])
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"), pad_token="<pad>")  # noqa: S106
    classify = make_pipeline("text-classification", model=model.eval(), tokenizer=tokenizer, top_k=None)
    texts = [
        manifest.encoder["prefix"] + each.model_text
        for path in REPORTS
        for each in segment(read_document(path)).paragraphs
    ]
    return classify, texts, {"truncation": True, "max_length": manifest.encoder["max_length"]}


def pipeline(bundle, times):
    """Print seconds of a Hugging Face pipeline, one by one and in batches of 16, and the encoder's multiply-adds."""
    import torch

    classify, texts, cut = classifier(bundle, int(times))
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    found = {str(size): best(lambda size=size: classify(texts, batch_size=size, **cut)) for size in (1, 16)}
    network = classify.model.bert
    layer = sum(value.numel() for value in network.encoder.layer[0].parameters())
    print(json.dumps({"seconds": found, "multiply_adds": layer * network.config.num_hidden_layers}))


def matrix():
    """Print multiply-adds a second of a float32 matrix product."""
    import numpy as np

    side = 1536
    one = np.random.default_rng(0).random((side, side), dtype=np.float32)
    print(json.dumps({"multiply_adds": side**3 / best(np.matmul, one, one)}))


def first_report(bundle):
    """Print the median seconds of `fazhi tag` for one report, from start to file, over the five."""
    with tempfile.TemporaryDirectory() as folder:
        line = [sys.executable, "-c", "from fazhi.serving.cli import main; main()", "tag", "--bundle", bundle]
        each = [
            timed(lambda path=path: subprocess.run([*line, str(path), "--out", folder], check=True))
            for path in REPORTS * 2
        ]
    print(json.dumps({"seconds": sorted(each)[len(each) // 2], "slowest": max(each)}))


def in_process(*given):
    """Run one of the functions above in a process of its own; return what it prints."""
    done = subprocess.run([sys.executable, __file__, "--part", *given], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main(torch_bundle, fast_bundle):
    cores = len(os.sched_getaffinity(0))
    fast, product = in_process("ours", fast_bundle), in_process("matrix")
    same, whole = (in_process("pipeline", torch_bundle, times) for times in ("1", "2"))
    count, rate = fast["paragraphs"], fast["paragraphs"] / fast["seconds"]
    start = in_process("first_report", fast_bundle)
    names = " · ".join(f"{name} {version(name)}" for name in ("ctranslate2", "transformers", "torch"))
    work = same["multiply_adds"] * fast["tokens"] / fast["seconds"]
    print(f"{count} paragraphs, {fast['tokens'] / count:.0f} tokens each, {cores} cores; {names}\n")
    print("| | paragraphs a second | fazhi's ratio |\n| --- | --- | --- |")
    print(f"| fazhi, `{Path(fast_bundle).name}`, reading included | {rate:.1f} | |")
    for theirs, whose in ((same, ""), (whole, " of the encoder before it was cut")):
        for size, words in (("1", "one by one"), ("16", "batches of 16")):
            other = count / theirs["seconds"][size]
            print(f"| Hugging Face pipeline{whose}, {words} | {other:.1f} | {rate / other:.1f} |")
    print(
        f"\nmemory of fazhi's process {fast['memory']:.0f} MB; `fazhi tag` of one report, start to file: median ",
        end="",
    )
    print(
        f"{start['seconds']:.2f} s, slowest {start['slowest']:.2f} s; {work / 1e9:.0f} G multiply-adds a second, ",
        end="",
    )
    print(f"{work / product['multiply_adds']:.1f} times this machine's float32 matrix product")


if __name__ == "__main__":
    if sys.argv[1] == "--part":
        globals()[sys.argv[2]](*sys.argv[3:])
    else:
        main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "fazhi-small")
