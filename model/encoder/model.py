"""A `torch` bundle's own files, and tagging with them: paragraphs in, raw logits out. Writer and reader side by side.

    encoder.json        configuration of the Hugging Face encoder
    network.safetensors weights of encoder, standardisation and heads, as float16
    tokenizer.json

Runs on CUDA where there is one, else on the CPU; full precision in both.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModel

from fazhi.model.bundle import Bundle
from fazhi.model.encoder.network import TwoHeads, batch_of
from fazhi.model.reading import InputError
from fazhi.model.report import Paragraph
from fazhi.model.scorers.scores import Array, Logits
from fazhi.model.scorers.windows import Window, Windower, WindowSettings

_CONFIG, _WEIGHTS, _TOKENIZER = "encoder.json", "network.safetensors", "tokenizer.json"
_BATCH_TOKENS = 4096  # padded tokens that go through the encoder at once


@dataclass(frozen=True, slots=True, eq=False)
class TorchModel:
    """A network with its windower."""

    by_paragraph: ClassVar[bool] = True

    network: TwoHeads
    windower: Windower

    def logits(self, paragraphs: Sequence[Paragraph]) -> Logits:
        """Return raw logits (n, themes) and (n, sections)."""
        return self.heads(self.features(paragraphs))

    def features(self, paragraphs: Sequence[Paragraph]) -> Array:
        """Return pooled features (n, 2 · hidden), before they are standardised."""
        features = np.zeros((len(paragraphs), len(self.network.center)))
        self.network.eval()
        for rows, windows in _batches(self.windower.windows(paragraphs)):
            batch = batch_of(windows, self.network.padding).to(self.network.center.device)
            with torch.inference_mode():
                features[rows] = self.network.pool(batch).double().cpu().numpy()
        return features

    def heads(self, features: Array) -> Logits:
        """Return the logits of pooled features."""
        with torch.inference_mode():
            given = self.network.heads(torch.from_numpy(features).float().to(self.network.center.device))
        themes, sections = (each.double().cpu().numpy() for each in given)
        return themes, sections


def write_network(folder: Path, network: TwoHeads, tokenizer: str) -> None:
    """Write a network's own files; `tokenizer` is the text of tokenizer.json."""
    weights = {
        name: value.detach().to("cpu", torch.float16).contiguous() for name, value in network.state_dict().items()
    }
    save_file(weights, folder / _WEIGHTS)
    config = json.dumps(network.encoder.config.to_dict(), ensure_ascii=False, indent=1, sort_keys=True)
    (folder / _CONFIG).write_text(config + "\n", encoding="utf-8")
    (folder / _TOKENIZER).write_text(tokenizer, encoding="utf-8")


def load_model(bundle: Bundle) -> TorchModel:
    """Read the model of a checked bundle.

    Raises:
        InputError: Weights that do not fit the configuration or the scheme.
    """
    folder = bundle.folder
    try:
        config = json.loads((folder / _CONFIG).read_text(encoding="utf-8"))
        encoder = AutoModel.from_config(AutoConfig.for_model(**config), add_pooling_layer=False)  # type: ignore[no-untyped-call]
        network = TwoHeads(encoder, len(bundle.scheme.themes), len(bundle.scheme.sections), dropout=0.0)
        weights = {name: value.float() for name, value in load_file(folder / _WEIGHTS).items()}
        network.load_state_dict(weights)
        settings = WindowSettings(**bundle.manifest.encoder)
    except (OSError, ValueError, TypeError, KeyError, RuntimeError, SafetensorError) as error:
        reason = str(error).split("\n")[0]
        raise InputError(
            str(folder), f"has damaged encoder files ({reason})", "copy or export the bundle again"
        ) from None
    network.to("cuda" if torch.cuda.is_available() else "cpu")
    return TorchModel(network, Windower.load(folder / _TOKENIZER, settings))


def _batches(windows: Sequence[Window]) -> list[tuple[list[int], list[Window]]]:
    """Deal whole paragraphs out to batches of like length; return their rows, and windows with rows counted anew."""
    paragraphs: dict[int, list[Window]] = {}
    for window in windows:
        paragraphs.setdefault(window.row, []).append(window)
    batches: list[tuple[list[int], list[Window]]] = []
    for row, own in sorted(paragraphs.items(), key=lambda each: max(len(window.ids) for window in each[1])):
        longest = max(len(window.ids) for window in own)
        if not batches or (len(batches[-1][1]) + len(own)) * longest > _BATCH_TOKENS:
            batches.append(([], []))
        rows, together = batches[-1]
        together += [Window(len(rows), window.ids, window.start, window.end) for window in own]
        rows.append(row)
    return batches
