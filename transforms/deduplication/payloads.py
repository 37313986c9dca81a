"""What is remembered of a text so that a later one can be judged against it: about 600 bytes instead of the text.

Of the shingles' 16-bit hashes the lowest are kept, so that of any two texts the same part of the hash range can be
compared, and in the order of the text, so that it shows where they part; the words of a sentence are kept as 8-bit
hashes, enough to find the sentence that says the same.
"""

import struct
import zlib
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsbeam.transforms.deduplication.figures import numeric_sentences
from newsbeam.transforms.deduplication.shingles import Hashes
from newsbeam.transforms.deduplication.titles import read_title

SHINGLES = 224
SENTENCES = 32
WORDS = 24
FIGURES = 24
_HEAD = struct.Struct("<BBHHQIH")
_VERSION = 1
_MAX_U16 = 0xFFFF


Shingles = NDArray[np.uint16]


class SentenceKeys(NamedTuple):
    """A numeric sentence: a bit for each hash of its other words, and hashes of its figures."""

    words: int
    figures: frozenset[int]


class Payload(NamedTuple):
    """What a verdict needs of a text."""

    title_marks: int
    update_number: int
    word_count: int
    shingle_count: int
    title_key: int
    source_key: int
    shingles: Shingles  # in the order of the text
    ordered: Shingles
    sentences: list[SentenceKeys]


def pack(title: str | None, text: str, source: str | None, word_count: int, shingles: Hashes) -> bytes:
    """The payload of a text, from its shingles in order."""
    short = (shingles >> np.uint64(48)).astype("<u2")
    distinct, places = np.unique(short, return_index=True)
    kept = short[np.sort(places[:SHINGLES])]
    marks, number, title_key = read_title(title)
    head = _HEAD.pack(
        _VERSION, marks | number << 2, min(word_count, _MAX_U16), min(len(distinct), _MAX_U16),
        title_key, zlib.crc32((source or "").encode("utf-8", "replace")),
        len(kept),
    )  # fmt: skip
    parts = [head, kept.tobytes()]
    for words, figures in numeric_sentences(text)[:SENTENCES]:
        bits = sorted({zlib.crc32(w.encode("utf-8", "replace")) & 0xFF for w in words})[:WORDS]
        keys = sorted({zlib.crc32(f.encode("utf-8", "replace")) & 0xFFFF for f in figures})[:FIGURES]
        parts.append(bytes((len(bits), len(keys), *bits)))
        parts.append(struct.pack(f"<{len(keys)}H", *keys))
    return b"".join(parts)


def unpack(kept: bytes) -> Payload:
    """The payload from its bytes."""
    version, marks, words, count, title, source, n_kept = _HEAD.unpack_from(kept)
    if version != _VERSION:
        raise ValueError(f"payload version must be {_VERSION}, was {version}")
    at = _HEAD.size
    shingles = np.frombuffer(kept, "<u2", n_kept, at)
    at += 2 * n_kept
    sentences = []
    while at < len(kept):
        n_bits, n_keys = kept[at], kept[at + 1]
        at += 2
        bits = 0
        for bit in kept[at : at + n_bits]:
            bits |= 1 << bit
        at += n_bits
        sentences.append(SentenceKeys(bits, frozenset(struct.unpack_from(f"<{n_keys}H", kept, at))))
        at += 2 * n_keys
    return Payload(marks & 3, marks >> 2, words, count, title, source, shingles, np.sort(shingles), sentences)
