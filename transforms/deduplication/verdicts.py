"""Judge whether of two texts one copies or updates the other."""

from typing import NamedTuple

import numpy as np

from newsbeam.transforms.deduplication.payloads import Payload

CONTAINMENT = 0.7
LOW = 0.5
ALIGNED = 0.6
COPY = "copy"
UPDATED = "update"
TELLING = 12  # words; a shorter text ("Read more", "Video") says nothing without its title


class Verdict(NamedTuple):
    """How two texts relate, and the share of the shorter one's shingles found in the other."""

    relation: str
    similarity: float


def containment(a: Payload, b: Payload) -> tuple[float, float]:
    """Share of the shorter text's shingles found in the other, and of the longer one's in the shorter."""
    x, y = a.shingles, b.shingles
    if not len(x) or not len(y):
        return 0.0, 0.0
    limit = min(_limit(a), _limit(b))
    x, y = x[: np.searchsorted(x, limit, "right")], y[: np.searchsorted(y, limit, "right")]
    shared = len(np.intersect1d(x, y, assume_unique=True))
    if not len(x) or not len(y):
        return 0.0, 0.0
    return shared / min(len(x), len(y)), shared / max(len(x), len(y))


def _limit(p: Payload) -> int:
    return int(p.shingles[-1]) if p.shingle_count > len(p.shingles) else 0xFFFF


def judge(a: Payload, b: Payload) -> Verdict | None:
    """The relation of two texts; None where they are two reports. Symmetric."""
    share, least = containment(a, b)
    if share < LOW:
        return None
    aligned, changed = changed_figures(a, b)
    numeric = min(len(a.sentences), len(b.sentences))
    if share < CONTAINMENT and (aligned - changed < 2 or aligned < 0.6 * numeric):
        return None
    if changed > 0.1 * aligned:
        return Verdict(UPDATED, share) if share >= CONTAINMENT else None
    return Verdict(COPY, share)


def similarity(a: Payload, b: Payload) -> float:
    """Share of the shorter text's shingles found in the other."""
    return containment(a, b)[0]


def is_evidence(p: Payload) -> int | None:
    """Under what the same text is evidence of a copy: 0 alone, a key of the title where it is short, None never."""
    if p.word_count >= TELLING:
        return 0
    return p.title_key or None if p.word_count else None


def changed_figures(a: Payload, b: Payload) -> tuple[int, int]:
    """Sentences that say the same but for figures: how many there are, and in how many the figures differ."""
    pairs = []
    for i, (words, figures) in enumerate(a.sentences):
        n = words.bit_count()
        for j, (others, their) in enumerate(b.sentences):
            share = 2 * (words & others).bit_count() / max(1, n + others.bit_count())
            if share >= ALIGNED:
                pairs.append((figures == their, share, -abs(i - j), i, j))
    pairs.sort(reverse=True)
    taken_a: set[int] = set()
    taken_b: set[int] = set()
    changed = 0
    for same, _, _, i, j in pairs:
        if i in taken_a or j in taken_b:
            continue
        taken_a.add(i)
        taken_b.add(j)
        if not same:
            mine, their = a.sentences[i].figures, b.sentences[j].figures
            changed += bool(mine - their) and bool(their - mine)
    return len(taken_a), changed
