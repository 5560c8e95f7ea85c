"""A tiny base encoder, seeded, made on the spot: two layers, sixteen features, one token a character; and its settings."""

import json

import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertModel


def write_base(folder, texts):
    """Write a base that knows the characters of these texts."""
    characters = sorted(set("".join(texts)))
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


def write_settings(path, shipped):
    """Write the shipped settings with one epoch, two folds and short windows."""
    text = shipped.read_text(encoding="utf-8")
    for field, value in (("epochs", 1), ("folds", 2), ("max_length", 64), ("batch_size", 64)):
        lines = [f"{field} = {value}" if line.startswith(f"{field} =") else line for line in text.split("\n")]
        text = "\n".join(lines)
    path.write_text(text.replace("themes = 2.5", "themes = 2.0"), encoding="utf-8")
