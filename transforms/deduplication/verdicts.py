"""Judge whether of two texts one copies or updates the other."""

from typing import NamedTuple

import numpy as np

from newsbeam.transforms.deduplication.payloads import Payload

CONTAINMENT = 0.7  # from here on shared wording is evidence enough
LOW = 0.5  # from here on shared wording with the same figures is
VERBATIM = 0.95  # from here on a single other figure was meant
TOLERANCE = 0.1  # share of aligned sentences that may have other figures below that: scans and slips
SHORT = 100  # words; below it many notes are forms filled in
SHORT_CONTAINMENT = 0.9  # what wording alone must share there
LEAD_SHARE = 0.25  # of the opening: the measured copies have .28 and more, unlike texts with a tail in common 0
FIGURES_SHARE = 0.7  # of the numeric sentences, where wording alone is too little
ALIGNED = 0.6  # share of words of two sentences that say the same but for figures
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
    share, _ = containment(a, b)
    if share < LOW or lead_share(a, b) < LEAD_SHARE:
        return None
    figures = compare_figures(a, b)
    changed = figures.changed
    same = figures.aligned - changed
    is_short = min(a.word_count, b.word_count) < SHORT
    if share < CONTAINMENT:
        numeric = min(len(a.sentences), len(b.sentences))
        is_copy = same >= 2 and same >= FIGURES_SHARE * numeric and changed <= TOLERANCE * figures.aligned
        return Verdict(COPY, share) if is_copy and not is_short else None
    if is_short and not figures.aligned and share < SHORT_CONTAINMENT:
        return None
    if changed > (0 if share >= VERBATIM else TOLERANCE * figures.aligned) or marks_update(a, b):
        return Verdict(UPDATED, share)
    return Verdict(COPY, share)


def marks_update(a: Payload, b: Payload) -> bool:
    """Whether two titles are the same but for a word that says that one corrects or updates."""
    return a.title_key == b.title_key != 0 and (a.title_marks, a.update_number) != (b.title_marks, b.update_number)


def lead_share(a: Payload, b: Payload) -> float:
    """Share of the opening of one text that is found in the other, whichever is more.

    Two items with a disclaimer or template in common begin each with their own matter.
    """
    limit = min(_limit(a), _limit(b))
    shares = []
    for lead, other in ((a.lead, b.shingles), (b.lead, a.shingles)):
        known = [s for s in lead if s <= limit]
        if len(known) < 4:
            return 1.0
        shares.append(len(set(known).intersection(other.tolist())) / len(known))
    return max(shares)


def similarity(a: Payload, b: Payload) -> float:
    """Share of the shorter text's shingles found in the other."""
    return containment(a, b)[0]


def is_evidence(p: Payload) -> int | None:
    """Under what the same text is evidence of a copy: 0 alone, a key of the title where it is short, None never."""
    if p.word_count >= TELLING:
        return 0
    return p.title_key or None if p.word_count else None


class Figures(NamedTuple):
    """Sentences that say the same but for figures: how many there are, and in how many the figures changed."""

    aligned: int
    changed: int


def compare_figures(a: Payload, b: Payload) -> Figures:
    """Align the numeric sentences of two texts one to one, the likest first."""
    all_a = frozenset().union(*(sentence.figures for sentence in a.sentences))
    all_b = frozenset().union(*(sentence.figures for sentence in b.sentences))
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
            is_other = bool(mine - their) and bool(their - mine)
            changed += is_other and bool((mine - their) - all_b or (their - mine) - all_a)  # else: cut in other places
    return Figures(len(taken_a), changed)
