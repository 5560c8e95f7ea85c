"""An encoder on the CPU alone, through CTranslate2: paragraphs in, raw logits out. No torch.

    model.bin     the encoder as CTranslate2 keeps it, mostly int8
    config.json   its configuration
    heads.npz     standardisation of the pooled features and the two linear heads, float32
    tokenizer.json

Weights are quantised by output channel, activations by token, so that neither the company a paragraph has in its batch
nor the order of batches changes its logits, but where a last digit decides how an activation is rounded: that was seen
to move a probability by 0.001. Written by `fazhi export`.
"""

import json
import math
import os
import zipfile
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from fazhi.model.bundle import Bundle
from fazhi.model.reading import InputError
from fazhi.model.report import Paragraph
from fazhi.model.scorers.scores import Array, Logits
from fazhi.model.scorers.windows import Window, Windower, WindowSettings

ENCODER_FILES = ("model.bin", "config.json")
NUMBERS = {"int8": "int8_float32", "float16": "float32"}
"""How weights may be kept, the smallest first, and what each computes in."""

_HEADS, _TOKENIZER, _VOCABULARY = "heads.npz", "tokenizer.json", "vocabulary.json"
_MOST_TOKENS = 512  # padded, that a thread takes at once: larger batches leave the cache
_LEAST_TOKENS = 64  # smaller ones would mostly read weights
_SHARES = 2  # whatever the number of threads, so that it does not change scores
_CHOICE = "CT2_FORCE_CPU_ISA"  # the runtime's own variable for the vector instructions that it uses
_PROCESSOR, _WIDE = Path("/proc/cpuinfo"), {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}


@dataclass(frozen=True, slots=True, eq=False)
class Heads:
    """What follows the encoder.

    Attributes:
        center: (2 · hidden,), taken from the pooled features.
        scale: (2 · hidden,), that they are then divided by.
        theme_weights: (themes, 2 · hidden).
        theme_bias: (themes,).
        section_weights: (sections, 2 · hidden).
        section_bias: (sections,).
    """

    center: NDArray[np.float32]
    scale: NDArray[np.float32]
    theme_weights: NDArray[np.float32]
    theme_bias: NDArray[np.float32]
    section_weights: NDArray[np.float32]
    section_bias: NDArray[np.float32]

    def logits(self, features: Array) -> Logits:
        """Return raw logits (n, themes) and (n, sections) of (n, 2 · hidden) pooled features."""
        given = (features - self.center) / self.scale
        return given @ self.theme_weights.T + self.theme_bias, given @ self.section_weights.T + self.section_bias


@dataclass(frozen=True, slots=True, eq=False)
class FastModel:
    """An encoder with its windower and heads, on a number of threads."""

    by_paragraph: ClassVar[bool] = True

    encoder: Any
    windower: Windower
    heads: Heads
    threads: int

    def logits(self, paragraphs: Sequence[Paragraph]) -> Logits:
        """Return raw logits (n, themes) and (n, sections)."""
        return self.heads.logits(self.features(paragraphs))

    def features(self, paragraphs: Sequence[Paragraph]) -> Array:
        """Return pooled features (n, 2 · hidden): the mean of all tokens beside that of the paragraph's own."""
        sums = np.zeros((len(paragraphs), 2, len(self.heads.center) // 2))
        counts = np.zeros((len(paragraphs), 2, 1))
        batches = _batches(self.windower.windows(paragraphs))
        with ThreadPoolExecutor(self.threads) as pool:
            for batch, states in zip(batches, pool.map(self._states, batches), strict=True):
                for window, own in zip(batch, states, strict=True):
                    for side, tokens in enumerate((own[: len(window.ids)], own[window.start : window.end])):
                        sums[window.row, side] += tokens.sum(axis=0)
                        counts[window.row, side] += len(tokens)
        means: Array = sums / np.maximum(counts, 1)
        return means.reshape(len(paragraphs), len(self.heads.center))

    def _states(self, batch: Sequence[Window]) -> NDArray[np.float32]:
        """Return the last hidden states (windows, tokens, hidden) of a batch."""
        return np.asarray(self.encoder.forward_batch([list(window.ids) for window in batch]).last_hidden_state)


def write_heads(folder: Path, heads: Heads, tokenizer: str) -> None:
    """Write what stands beside the encoder's files; `tokenizer` is the text of tokenizer.json."""
    arrays = {field.name: np.asarray(getattr(heads, field.name), np.float32) for field in fields(Heads)}
    np.savez(folder / _HEADS, allow_pickle=False, **arrays)
    (folder / _TOKENIZER).write_text(tokenizer, encoding="utf-8")


def load_fast_model(bundle: Bundle, threads: int) -> FastModel:
    """Read the model of a checked bundle.

    Raises:
        InputError: Files that do not fit each other or the scheme, or a processor that the runtime does not know.
    """
    _prefer_wide_vectors()
    import ctranslate2  # noqa: PLC0415 - a quarter of a second that other kinds of bundle need not pay

    folder = bundle.folder
    try:
        windower = Windower.load(folder / _TOKENIZER, WindowSettings(**bundle.manifest.encoder))
        with np.load(folder / _HEADS, allow_pickle=False) as arrays:
            heads = Heads(**arrays)
        files = {name: (folder / name).read_bytes() for name in ENCODER_FILES}
        # The runtime wants a vocabulary though it is given ids: any tokens do.
        files[_VOCABULARY] = json.dumps([str(each) for each in range(windower.tokenizer.get_vocab_size())]).encode()
        encoder = ctranslate2.Encoder(
            folder.name,
            files=files,
            compute_type=NUMBERS[bundle.manifest.export["numbers"]],
            inter_threads=threads,
            intra_threads=1,
        )
    except (OSError, EOFError, ValueError, TypeError, KeyError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        reason = str(error).split("\n")[0]
        raise InputError(str(folder), f"has damaged files ({reason})", "copy or export the bundle again") from None
    if heads.theme_weights.shape[0] != len(bundle.scheme.themes):
        raise InputError(str(folder / _HEADS), "does not fit the label scheme", "export the bundle again")
    return FastModel(encoder, windower, heads, threads)


def _prefer_wide_vectors() -> None:
    """Ask the runtime for AVX-512 where the processor has it, unless the environment asks for something.

    By itself it takes AVX2 on processors of some makers; AVX-512 tags 1.15 times as fast there (`throughput.py`, with
    and without the variable). Where the system does not say what the processor has, nothing is asked for.
    """
    try:
        lines = _PROCESSOR.read_text(encoding="ascii", errors="replace").split("\n")
    except OSError:
        return
    flags = next((line for line in lines if line.startswith("flags")), "")
    if set(flags.split()) >= _WIDE:
        os.environ.setdefault(_CHOICE, "AVX512")


def _batches(windows: Sequence[Window]) -> list[list[Window]]:
    """Deal windows of like length out to batches, the longest first.

    A batch takes at most a share of what is left (guided self-scheduling), so that the threads end together and the few
    paragraphs of some requests keep all of them busy.
    """
    batches: list[list[Window]] = []
    left, most = sum(len(each.ids) for each in windows), 0
    for window in sorted(windows, key=lambda each: -len(each.ids)):
        if not batches or (len(batches[-1]) + 1) * len(batches[-1][0].ids) > most:
            most = min(_MOST_TOKENS, max(_LEAST_TOKENS, math.ceil(left / _SHARES)))
            batches.append([])
        batches[-1].append(window)
        left -= len(window.ids)
    return batches
