"""A Whisper of random numbers, made at test time: one layer, some hundred kilobytes. It hears nothing.

It proves that sound goes in and text comes out through the real library, and says nothing about accuracy.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any, Final

WIDTH: Final = 16
HEADS: Final = 2
MELS: Final = 80
SECONDS_30: Final = 1500
"""Positions of the encoder: half a minute in steps of 20 ms."""

LONGEST: Final = 448  # positions of the decoder
TIMESTAMPS: Final = tuple(f"<|{step * 0.02:.2f}|>" for step in range(1501))
SPECIAL: Final = (
    *("<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|id|>", "<|translate|>", "<|transcribe|>"),
    *("<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"),
)
WORDS: Final = ("jalan", "rusak", "air", "bersih", "desa", "sekolah", "jembatan", "di", "ke", "dan", "[UNK]")


def build(folder: Path) -> Path:
    """Write model.bin, its vocabulary and tokenizer.json."""
    folder.mkdir()
    tokens = [*WORDS, *SPECIAL, *TIMESTAMPS]
    _tokenizer(tokens).save(str(folder / "tokenizer.json"))
    spec = import_module("ctranslate2.specs.whisper_spec").WhisperSpec(1, HEADS, 1, HEADS)
    _fill(spec, len(tokens))
    spec.register_vocabulary(tokens)
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.config.lang_ids = [tokens.index("<|en|>"), tokens.index("<|id|>")]
    spec.config.alignment_heads = [(0, 0)]
    spec.validate()
    spec.save(str(folder))
    return folder


def _tokenizer(tokens: list[str]) -> Any:
    library = import_module("tokenizers")
    ids = {token: number for number, token in enumerate(tokens)}
    made = library.Tokenizer(import_module("tokenizers.models").WordLevel(ids, unk_token="[UNK]"))
    made.pre_tokenizer = import_module("tokenizers.pre_tokenizers").Whitespace()
    made.add_special_tokens([*SPECIAL, *TIMESTAMPS])
    return made


def _fill(spec: Any, size: int) -> None:
    numpy = import_module("numpy")
    random = numpy.random.default_rng(1)

    def numbers(*shape: int) -> Any:
        return random.normal(0, 0.2, shape).astype("float32")

    encoder, decoder = spec.encoder, spec.decoder
    encoder.conv1.weight, encoder.conv1.bias = numbers(WIDTH, MELS, 3), numbers(WIDTH)
    encoder.conv2.weight, encoder.conv2.bias = numbers(WIDTH, WIDTH, 3), numbers(WIDTH)
    encoder.position_encodings.encodings = numbers(SECONDS_30, WIDTH)
    decoder.position_encodings.encodings = numbers(LONGEST, WIDTH)
    decoder.embeddings.weight = numbers(size, WIDTH)
    decoder.projection.weight = numbers(size, WIDTH)
    for norm in (encoder.layer_norm, decoder.layer_norm):
        norm.gamma, norm.beta = numbers(WIDTH), numbers(WIDTH)
    for layer in (*encoder.layer, *decoder.layer):
        _fill_layer(layer, numbers)


def _fill_layer(layer: Any, numbers: Any) -> None:
    """Queries, keys and values are one matrix in self-attention, keys and values one where the encoder is heard."""
    wide = {"self_attention": (3, 1), "attention": (1, 2, 1)}
    for name, widths in wide.items():
        attention = getattr(layer, name, None)
        if attention is not None:
            _fill_norm(attention.layer_norm, numbers)
            for linear, times in zip(attention.linear, widths, strict=True):
                linear.weight, linear.bias = numbers(times * WIDTH, WIDTH), numbers(times * WIDTH)
    _fill_norm(layer.ffn.layer_norm, numbers)
    layer.ffn.linear_0.weight, layer.ffn.linear_0.bias = numbers(4 * WIDTH, WIDTH), numbers(4 * WIDTH)
    layer.ffn.linear_1.weight, layer.ffn.linear_1.bias = numbers(WIDTH, 4 * WIDTH), numbers(WIDTH)


def _fill_norm(norm: Any, numbers: Any) -> None:
    norm.gamma, norm.beta = numbers(WIDTH), numbers(WIDTH)
