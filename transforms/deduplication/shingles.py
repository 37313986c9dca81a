"""Cut a text into words and word 3-grams, as hashes that are the same on every machine.

Scripts that do not space their words are cut into characters, of which five make a shingle.
"""

import re
import unicodedata
import zlib

import numpy as np
from numpy.typing import NDArray

MAX_WORDS = 20_000  # of a longer text the beginning is compared: cost stays linear and small
WORD_SHINGLE = 3  # measured: 2 chains boilerplate, 5 loses a quarter of the copies
CHARACTER_SHINGLE = 5

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(r"\w+")
_MIXED_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_HAS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_MAX_CHARS = 12 * MAX_WORDS

Hashes = NDArray[np.uint64]
_ODD = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def words_of(text: str) -> list[str]:
    """Words of the text, folded (NFKC, lower case); characters where the script does not space words."""
    text = text[:_MAX_CHARS]
    if text.isascii():
        return _WORD.findall(text.lower())[:MAX_WORDS]
    text = unicodedata.normalize("NFKC", text).lower()
    pattern = _MIXED_WORD if _HAS_UNSPACED.search(text) else _WORD
    return pattern.findall(text)[:MAX_WORDS]


def word_hashes(words: list[str]) -> Hashes:
    """A well-mixed 64-bit hash of each word."""
    return mixed(np.array([zlib.crc32(w.encode("utf-8", "replace")) for w in words], dtype=np.uint64))


def shingle_hashes(words: list[str]) -> Hashes:
    """Hashes of the word 3-grams in order, repeats included; one for a text shorter than a 3-gram."""
    if not words:
        return np.empty(0, dtype=np.uint64)
    hashes = word_hashes(words)
    size = min(len(hashes), CHARACTER_SHINGLE if is_unspaced(words) else WORD_SHINGLE)
    count = len(hashes) - size + 1
    total = np.zeros(count, dtype=np.uint64)
    for offset in range(size):  # a polynomial in an odd number: order of the words counts
        total = total * _ODD + hashes[offset : offset + count]
    return mixed(total)


def is_unspaced(words: list[str]) -> bool:
    """Whether most words are characters of an unspaced script."""
    return sum(1 for w in words[:200] if _HAS_UNSPACED.match(w)) * 2 > len(words[:200])


def length_of(words: list[str]) -> int:
    """Length of the text in words; two characters of an unspaced script count as one."""
    return len(words) // 2 if is_unspaced(words) else len(words)


def mixed(values: Hashes) -> Hashes:
    """Finaliser of splitmix64: spreads every input bit over all output bits."""
    values = values + _ODD
    values = (values ^ (values >> np.uint64(30))) * _MIX_1
    values = (values ^ (values >> np.uint64(27))) * _MIX_2
    return values ^ (values >> np.uint64(31))
