"""A tiny base encoder, seeded, made on the spot: two layers, sixteen features, one token a character."""

import json

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertModel

from fazhi.model.labels import read_examples, trainable
from fazhi.training.encoder import EncoderRequest, train_encoder
from fazhi.training.rows import answered_reports


@pytest.fixture(scope="session")
def answered(root, scheme):
    """The five real reports with their answers."""
    return answered_reports(trainable(read_examples(root / "seeds" / "gold.jsonl", scheme)), scheme)


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory, answered):
    folder = tmp_path_factory.mktemp("base")
    characters = sorted({sign for report in answered for each in report.paragraphs for sign in each.model_text})
    vocabulary = {sign: place for place, sign in enumerate(["<pad>", "<s>", "</s>", "<unk>", *characters])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 1), ("</s>", 2)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    named = {"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "<pad>", "unk_token": "<unk>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(named), encoding="utf-8")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=128,
        pad_token_id=0,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def request_of(root, tiny_base, tmp_path_factory):
    """A whole training of the tiny base on the five real reports, two folds."""
    folder = tmp_path_factory.mktemp("train")
    text = (root / "training" / "encoder.toml").read_text(encoding="utf-8")
    for field, value in (("epochs", 1), ("folds", 2), ("max_length", 64), ("batch_size", 64)):
        lines = [f"{field} = {value}" if line.startswith(f"{field} =") else line for line in text.split("\n")]
        text = "\n".join(lines)
    text = text.replace("themes = 4.0", "themes = 0.5")
    (folder / "tiny.toml").write_text(text, encoding="utf-8")
    return EncoderRequest(
        examples=(root / "seeds" / "gold.jsonl",),
        base=str(tiny_base),
        base_licence="none",
        out=folder / "bundle",
        settings=folder / "tiny.toml",
        version="1",
        work=folder / "work",
        oof=folder / "oof.jsonl",
        leave_real_out=True,
    )


@pytest.fixture(scope="session")
def trained(request_of):
    return train_encoder(request_of)
