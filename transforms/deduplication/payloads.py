"""What is remembered of a text so that a later one can be judged against it: about 600 bytes instead of the text.

Shingles are kept as the lower end of their sorted 16-bit hashes, so that of any two texts the same part of the hash
range can be compared; the words of a sentence as 8-bit hashes, enough to find the sentence that says the same.
"""

import re
import struct
import zlib
from typing import NamedTuple

import numpy as np

from newsbeam.transforms.deduplication.figures import numeric_sentences
from newsbeam.transforms.deduplication.shingles import Hashes
from newsbeam.transforms.ids import normalised_text

SHINGLES = 224
LEAD = 24  # shingles of the opening, about its first sentence
SENTENCES = 32
WORDS = 24
FIGURES = 24
_HEAD = struct.Struct("<BBHHQIHBB")
_VERSION = 1
_MAX_U16 = 0xFFFF

CORRECTION, UPDATE, REPEAT = 1, 2, 4
_TITLE_MARKS = (
    (CORRECTION, re.compile(r"^\W*(\w+\W+){0,2}?(correct(s|ed|ion)|clarif(ies|ied|ication)|amended)\b", re.I)),
    (UPDATE, re.compile(r"^\W*(\w+\W+){0,2}?(updated?|write-?thru|wrapup|\d+(st|nd|rd|th) (lead|ld))\b", re.I)),
    (REPEAT, re.compile(r"^\W*(rpt|repeat(s|ing)?|refile[sd]?)\b", re.I)),
)  # fmt: skip
_NUMBER_OF_UPDATE = re.compile(r"\bupdate\W{0,2}(\d+)", re.I)
_GARBLED = re.compile(r"\b(?=\w*[^\W\d_])(?=\w*\d)\w{3,}\b")
_REGULAR = re.compile(
    r"(\d+(st|nd|rd|th|s|am|pm|a|p|m|k|g|bn|mn|tn|km|kg|cm|mm|mw|gw|kw|hp|kph|mph|bps|bp|pc|x|h|d|yr|"
    r"year|day|week|month|hour|minute|mile|foot|inch|ton|tonne|member|man|point|metre|meter|page|c|f)s?|"
    r"[a-z]{1,4}\d{1,4}[a-z]?|covid\d+|\d+[a-z]\d*)",
    re.I,
)


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
    noise: int
    lead: list[int]
    shingles: np.ndarray[tuple[int], np.dtype[np.uint16]]
    sentences: list[SentenceKeys]


def pack(title: str | None, text: str, source: str | None, word_count: int, shingles: Hashes) -> bytes:
    """The payload of a text, from its shingles in order."""
    short = (shingles >> np.uint64(48)).astype("<u2")
    distinct = np.unique(short)
    marks, number = _marks_of(title or "")
    lead = short[:LEAD]
    kept = distinct[:SHINGLES]
    head = _HEAD.pack(
        _VERSION, marks | number << 3, min(word_count, _MAX_U16), min(len(distinct), _MAX_U16),
        _title_key(title), zlib.crc32((source or "").encode("utf-8", "replace")),
        len(kept), len(lead), min(_noise_of(text), 255),
    )  # fmt: skip
    parts = [head, lead.tobytes(), kept.tobytes()]
    for words, figures in numeric_sentences(text)[:SENTENCES]:
        bits = sorted({zlib.crc32(w.encode("utf-8", "replace")) & 0xFF for w in words})[:WORDS]
        keys = sorted({zlib.crc32(f.encode("utf-8", "replace")) & 0xFFFF for f in figures})[:FIGURES]
        parts.append(bytes((len(bits), len(keys), *bits)))
        parts.append(struct.pack(f"<{len(keys)}H", *keys))
    return b"".join(parts)


def unpack(kept: bytes) -> Payload:
    """The payload from its bytes."""
    version, marks, words, count, title, source, n_kept, n_lead, noise = _HEAD.unpack_from(kept)
    if version != _VERSION:
        raise ValueError(f"payload version must be {_VERSION}, was {version}")
    at = _HEAD.size
    lead = np.frombuffer(kept, "<u2", n_lead, at).tolist()
    at += 2 * n_lead
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
    return Payload(marks & 7, marks >> 3, words, count, title, source, noise, lead, shingles, sentences)


def _marks_of(title: str) -> tuple[int, int]:
    marks = sum(mark for mark, pattern in _TITLE_MARKS if pattern.search(title))
    number = _NUMBER_OF_UPDATE.search(title)
    return marks, min(int(number[1][:3]), 31) if number else 0


def _title_key(title: str | None) -> int:
    """A hash of the title's words; 0 for none."""
    folded = normalised_text(title or "")
    if not folded:
        return 0
    data = folded.encode("utf-8", "replace")
    return zlib.crc32(data) << 32 | zlib.crc32(data[::-1])


def _noise_of(text: str) -> int:
    """Words that mix letters and digits as no word does: the mark of a scan."""
    return sum(1 for found in _GARBLED.finditer(text[:40_000]) if not _REGULAR.fullmatch(found[0]))
