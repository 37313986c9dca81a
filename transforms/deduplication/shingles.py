"""Cut a text into words and word 3-grams, as hashes that are the same on every machine.

Scripts that do not space their words are cut into characters, of which five make a shingle.
"""

import re
import unicodedata
import zlib
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MAX_WORDS = 20_000  # of a longer text the beginning is compared: cost stays linear and small
WORD_SHINGLE = 3  # measured: 2 chains boilerplate, 5 loses a quarter of the copies
CHARACTER_SHINGLE = 5

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(r"\w+")
_ASCII_WORD = re.compile(rb"\w+")
_MIXED_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_HAS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_MAX_CHARS = 12 * MAX_WORDS

Hashes = NDArray[np.uint64]
_ODD = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


class Words(NamedTuple):
    """Words of a text as codes, in order; characters where most of the text is in a script without spaces."""

    codes: Hashes
    is_unspaced: bool

    @property
    def length(self) -> int:
        """Length in words; two characters of an unspaced script count as one."""
        return len(self.codes) // 2 if self.is_unspaced else len(self.codes)


def words_of(text: str) -> Words:
    """Words of the text, folded (NFKC, lower case)."""
    text = text[:_MAX_CHARS]
    is_unspaced = False
    if text.isascii():
        words = _ASCII_WORD.findall(text.encode().lower())[:MAX_WORDS]
    else:
        text = unicodedata.normalize("NFKC", text).lower()
        pattern = _MIXED_WORD if _HAS_UNSPACED.search(text) else _WORD
        found = pattern.findall(text)[:MAX_WORDS]
        if pattern is _MIXED_WORD:
            is_unspaced = sum(1 for word in found if _HAS_UNSPACED.match(word)) * 2 > len(found)
        words = " ".join(found).encode("utf-8", "replace").split(b" ") if found else []
    codes = np.fromiter(map(zlib.crc32, words), dtype=np.uint64, count=len(words))
    return Words(mixed(codes), is_unspaced)


def shingle_hashes(words: Words) -> Hashes:
    """Hashes of the word 3-grams in order, repeats included; one for a text shorter than a 3-gram."""
    codes = words.codes
    if not len(codes):
        return codes
    size = min(len(codes), CHARACTER_SHINGLE if words.is_unspaced else WORD_SHINGLE)
    count = len(codes) - size + 1
    total = np.zeros(count, dtype=np.uint64)
    for offset in range(size):  # a polynomial in an odd number: order of the words counts
        total = total * _ODD + codes[offset : offset + count]
    return mixed(total)


def mixed(values: Hashes) -> Hashes:
    """Finaliser of splitmix64: spreads every input bit over all output bits."""
    values = values + _ODD
    values = (values ^ (values >> np.uint64(30))) * _MIX_1
    values = (values ^ (values >> np.uint64(27))) * _MIX_2
    return values ^ (values >> np.uint64(31))
