"""Which runtime computes the encoder of a torch bundle fastest on this processor, and how far from torch.

    pip install onnx onnxscript onnxruntime openvino nncf    # CTranslate2 and torch are there
    python tests/benchmarks/runtimes.py TORCH_BUNDLE

The windows of the five seeds, sorted by length and batched by padded tokens, every budget of `BUDGETS` tried and the
best shown; tokenising is not counted. All cores: as threads of one batch, or with a batch on each (`two at a time`). The
error is that of the pooled features: mean distance from torch's over torch's own mean distance from their middle. Each
row is a process of its own; one whose library is not installed says so. Dynamic int8 of ONNX Runtime is of the fused graph.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import numpy as np

SEEDS = sorted((Path(__file__).resolve().parents[2] / "seeds" / "reports").glob("*.txt"))
BUDGETS, RUNS = (256, 1024), 1  # after a run to warm up
CORES = len(os.sched_getaffinity(0))
NAMES = {"input_ids": 0, "attention_mask": 1}


def windows_of(bundle):
    """Return the token ids of every window."""
    from fazhi.model.reading import read_document
    from fazhi.model.report import segment
    from fazhi.model.scorers.windows import Windower, WindowSettings

    windower = Windower.load(bundle.folder / "tokenizer.json", WindowSettings(**bundle.manifest.encoder))
    return [each.ids for path in SEEDS for each in windower.windows(segment(read_document(path)).paragraphs)]


def batches_of(windows, budget):
    found = []
    for row in sorted(range(len(windows)), key=lambda row: -len(windows[row])):
        if not found or (len(found[-1]) + 1) * len(windows[found[-1][0]]) > budget:
            found.append([])
        found[-1].append(row)
    return found


def padded(rows):
    """Return ids and mask, (rows, tokens)."""
    ids = np.ones((len(rows), max(map(len, rows))), np.int64)
    mask = np.zeros_like(ids)
    for place, row in enumerate(rows):
        ids[place, : len(row)], mask[place, : len(row)] = row, 1
    return ids, mask


def features(states, windows, budget, at_once):
    """Return the mean state of every window, (windows, hidden)."""
    batches = batches_of(windows, budget)
    found = [np.zeros(0)] * len(windows)
    with ThreadPoolExecutor(at_once) as pool:
        for batch, hidden in zip(
            batches, pool.map(lambda batch: states([windows[row] for row in batch]), batches), strict=True
        ):
            for row, own in zip(batch, hidden, strict=True):
                found[row] = own[: len(windows[row])].mean(axis=0)
    return np.stack(found)


def torch_encoder(bundle):
    import torch

    from fazhi.model.encoder import load_model

    torch.set_num_threads(CORES)
    return load_model(bundle).network.cpu().eval().encoder


def with_torch(bundle, folder):
    import torch

    encoder = torch_encoder(bundle)

    def states(rows):
        ids, mask = map(torch.from_numpy, padded(rows))
        with torch.inference_mode():
            return encoder(input_ids=ids, attention_mask=mask).last_hidden_state.numpy()

    return states


def onnx_of(bundle, folder):
    """Write the encoder as ONNX; return the file."""
    import torch

    path = folder / "encoder.onnx"
    free = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    torch.onnx.export(
        torch_encoder(bundle),
        kwargs={
            name: torch.ones((2, 16), dtype=torch.int64) for name in NAMES
        },  # one tensor for both would be one input
        f=path,
        dynamic_shapes=dict.fromkeys(NAMES, free),
        output_names=["states"],
        dynamo=True,
    )
    return path


def with_onnxruntime(bundle, folder, int8=False, threads=CORES):
    import onnxruntime
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.transformers import optimizer

    path = onnx_of(bundle, folder)
    config = torch_encoder(bundle).config
    fused = optimizer.optimize_model(
        str(path), "bert", num_heads=config.num_attention_heads, hidden_size=config.hidden_size
    )
    fused.save_model_to_file(str(path))
    if int8:
        source, path = path, folder / "int8.onnx"
        quantize_dynamic(source, path, weight_type=QuantType.QInt8, extra_options={"DefaultTensorType": 1})
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    names = [each.name for each in session.get_inputs()]
    return lambda rows: session.run(None, dict(zip(names, padded(rows), strict=True)))[0]


def with_openvino(bundle, folder, int8=False):
    import openvino

    model = openvino.Core().read_model(onnx_of(bundle, folder))
    if int8:
        import nncf

        shown = [dict(zip(NAMES, padded([row]), strict=True)) for row in windows_of(bundle)[:100]]
        model = nncf.quantize(model, nncf.Dataset(shown), model_type=nncf.ModelType.TRANSFORMER)
    compiled = openvino.compile_model(model, "CPU", {"INFERENCE_NUM_THREADS": CORES, "PERFORMANCE_HINT": "LATENCY"})
    request = compiled.create_infer_request()
    return lambda rows: request.infer(list(padded(rows)))[0]


def with_ctranslate2(bundle, folder, numbers="float32", at_once=1):
    import ctranslate2

    from fazhi.training.export.convert import write_encoder

    config = json.loads((bundle.folder / "encoder.json").read_text(encoding="utf-8"))
    weights = {name: value.numpy() for name, value in torch_encoder(bundle).state_dict().items()}
    write_encoder(folder, weights, config, range(config["vocab_size"]), numbers)
    words = json.dumps([str(each) for each in range(config["vocab_size"])])
    (folder / "vocabulary.json").write_text(words, encoding="utf-8")
    compute = {"int8": "int8_float32"}.get(numbers, numbers)
    encoder = ctranslate2.Encoder(
        str(folder), compute_type=compute, inter_threads=at_once, intra_threads=CORES // at_once
    )
    return lambda rows: np.asarray(encoder.forward_batch([list(row) for row in rows]).last_hidden_state)


ROWS = {
    "torch float32": ("torch", with_torch, 1),
    "ONNX Runtime float32": ("onnxruntime", with_onnxruntime, 1),
    "ONNX Runtime int8": ("onnxruntime", lambda *given: with_onnxruntime(*given, int8=True), 1),
    "ONNX Runtime int8, two at a time": (
        "onnxruntime",
        lambda *given: with_onnxruntime(*given, int8=True, threads=1),
        CORES,
    ),
    "OpenVINO float32": ("openvino", with_openvino, 1),
    "OpenVINO int8 (NNCF)": ("nncf", lambda *given: with_openvino(*given, int8=True), 1),
    "CTranslate2 float32": ("ctranslate2", with_ctranslate2, 1),
    "CTranslate2 int8": ("ctranslate2", lambda *given: with_ctranslate2(*given, numbers="int8"), 1),
    "CTranslate2 int8, two at a time": (
        "ctranslate2",
        lambda *given: with_ctranslate2(*given, numbers="int8", at_once=CORES),
        CORES,
    ),
}


def measure(name, folder, kept):
    """Print the figures of a row; write its features to a file."""
    from fazhi.model.bundle import find_bundle, read_bundle

    bundle = read_bundle(find_bundle(folder))
    windows = windows_of(bundle)
    _, make, at_once = ROWS[name]
    with tempfile.TemporaryDirectory() as draft:
        states = make(bundle, Path(draft))
        found = features(states, windows, BUDGETS[0], at_once)
        np.save(kept, found)
        seconds = {}
        for budget in BUDGETS:
            times = []
            for _ in range(RUNS):
                start = time.perf_counter()
                features(states, windows, budget, at_once)
                times.append(time.perf_counter() - start)
            seconds[budget] = min(times)
    best = min(seconds, key=seconds.get)
    print(json.dumps({"rate": len(windows) / seconds[best], "budget": best}))


def size_of(name):
    """Return version and MB of an installed library without what it needs."""
    found = distribution(name)
    size = sum(each.locate().stat().st_size for each in found.files or () if each.locate().is_file())
    return found.version, size / 1e6


def main(bundle):
    print("| runtime | windows a second | at best padded tokens a batch | error | library | MB |")
    print("| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        torchs = None
        for name, (library, _, _) in ROWS.items():
            try:
                version, size = size_of(library)
            except PackageNotFoundError:
                print(f"| {name} | {library} is not installed | | | | |", flush=True)
                continue
            kept = Path(folder) / "features.npy"
            line = [sys.executable, __file__, "--row", name, bundle, str(kept)]
            done = subprocess.run(line, capture_output=True, text=True, check=True)
            given, found = json.loads(done.stdout.splitlines()[-1]), np.load(kept)
            torchs = found if torchs is None else torchs
            error = np.abs(found - torchs).mean() / np.abs(torchs - torchs.mean(axis=0)).mean()
            print(
                f"| {name} | {given['rate']:.1f} | {given['budget']} | {error:.3f} | {library} {version} | {size:.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    if sys.argv[1] == "--row":
        measure(*sys.argv[2:])
    else:
        main(sys.argv[1])
