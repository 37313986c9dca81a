"""Judge whether of two texts one copies or updates the other."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsbeam.transforms.deduplication.payloads import Payload, Shingles
from newsbeam.transforms.deduplication.titles import CORRECTION

CONTAINMENT = 0.7  # from here on shared wording is evidence enough
LOW = 0.5  # from here on shared wording with the same figures is
VERBATIM = 0.95  # from here on a single other figure was meant
TOLERANCE = 0.1  # share of aligned sentences that may have other figures below that: scans and slips
SHORT = 100  # words; below it many notes are forms filled in
SHORT_CONTAINMENT = 0.9  # what wording alone must share there
LEAD = 12  # shingles of the opening, about its first sentence
LEAD_SHARE = 0.3  # of it, in two texts that begin alike; less may be chance, at 16 bits a hash
OWN_MATTER = 0.35  # of each text, that make two reports of them; the measured copies have up to .31 ...
OWN_MATTER_AT_HOME = 0.2  # ... within one publisher, whose boilerplate both have
OWN_OPENING = 0.08  # ... where they do not begin alike: then .06
FIGURES_SHARE = 0.7  # of the numeric sentences, where wording alone is too little
ALIGNED = 0.6  # share of words of two sentences that say the same but for figures
COPY = "copy"
UPDATED = "update"
TELLING = 12  # words; a shorter text ("Read more", "Video") says nothing without its title


REVISION = "revision"
SHARED = 0.2  # of the wording, by which a text at the same address is another version of it


class Verdict(NamedTuple):
    """How two texts relate, and the share of the shorter one's shingles found in the other."""

    relation: str
    similarity: float


class Overlap(NamedTuple):
    """Which of the shingles that two texts can be compared by are in both, in the order of each text."""

    in_a: NDArray[np.bool_]
    in_b: NDArray[np.bool_]

    @property
    def lead(self) -> float:
        """Share of the opening of one text that is found in the other, whichever is more."""
        return max(float(mask[:LEAD].mean()) if len(mask) else 0.0 for mask in self)

    @property
    def own_matter(self) -> float:
        """Share of a text that is a passage of its own, in the text where it is less.

        Two items with a disclaimer or a form in common have each a passage of their own; a copy that lacks a passage,
        has one more or is worded anew has not, or only in one of them.
        """
        return min(_longest_gap(mask) / max(1, len(mask)) for mask in self)


def overlap(a: Payload, b: Payload) -> Overlap:
    """Compare the shingles of two texts."""
    limit = min(_limit(a), _limit(b))
    return Overlap(
        _found(a.shingles[a.shingles <= limit], b.ordered), _found(b.shingles[b.shingles <= limit], a.ordered)
    )


def _found(shingles: Shingles, ordered: Shingles) -> NDArray[np.bool_]:
    if not len(ordered):
        return np.zeros(len(shingles), dtype=np.bool_)
    at = np.searchsorted(ordered, shingles)
    at[at == len(ordered)] = 0
    return ordered[at] == shingles


def _limit(p: Payload) -> int:
    return int(p.ordered[-1]) if p.shingle_count > len(p.ordered) else 0xFFFF


def _longest_gap(mask: NDArray[np.bool_]) -> int:
    """Size of the passage that is most of all missing: a missing shingle counts 1, a found one takes 2 off."""
    if not len(mask):
        return 0
    sums = np.concatenate([[0], np.cumsum(np.where(mask, -2, 1))])
    return int((sums - np.minimum.accumulate(sums)).max())


def judge(a: Payload, b: Payload, share: float | None = None) -> Verdict | None:
    """The relation of two texts; None where they are two reports. Symmetric. `share`: their similarity, if known."""
    if share is None:
        share = similarity(a, b)
    if share < LOW:
        return None
    found = overlap(a, b)
    if shares_a_form(found, is_at_home=a.source_key == b.source_key):
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
    if changed > (0 if share >= VERBATIM else TOLERANCE * figures.aligned) or marks_update(a, b, share):
        return Verdict(UPDATED, share)
    return Verdict(COPY, share)


def judge_at_one_address(a: Payload, b: Payload, share: float) -> Verdict | None:
    """The relation of two other texts at one address, from articles with ids of their own. Symmetric.

    What neither copies the other nor has its headline or some of its wording is one of several notes on a page.
    """
    verdict = judge(a, b, share)
    if verdict and verdict.relation == COPY:
        return verdict
    return Verdict(REVISION, share) if share >= SHARED or a.title_key == b.title_key != 0 else None


def shares_a_form(found: Overlap, *, is_at_home: bool) -> bool:
    """Whether what two texts have in common is a disclaimer, a form or other boilerplate around matter of their own."""
    own = found.own_matter
    return own > (OWN_MATTER_AT_HOME if is_at_home else OWN_MATTER) or own > OWN_OPENING and found.lead < LEAD_SHARE


def marks_update(a: Payload, b: Payload, share: float) -> bool:
    """Whether two titles are the same but for a word that says that one corrects or updates.

    A correction may have another title; only a copy of it has the very text.
    """
    if (a.title_marks ^ b.title_marks) & CORRECTION and share < VERBATIM:
        return True
    return a.title_key == b.title_key != 0 and (a.title_marks, a.update_number) != (b.title_marks, b.update_number)


def similarity(a: Payload, b: Payload) -> float:
    """Share of the shorter text's shingles found in the other."""
    return Similarities(a).to(b)


class Similarities:
    """Similarity to one text, for comparing many with it."""

    def __init__(self, payload: Payload) -> None:
        self._ordered = payload.ordered
        self._limit = _limit(payload)
        self._has = np.zeros(1 << 16, dtype=np.bool_)
        self._has[payload.ordered] = True

    def to(self, other: Payload) -> float:
        """Share of the shorter text's shingles found in the other."""
        limit = np.uint16(min(self._limit, _limit(other)))
        mine = int(self._ordered.searchsorted(limit, "right"))
        theirs = other.ordered[: other.ordered.searchsorted(limit, "right")]
        if not mine or not len(theirs):
            return 0.0
        return int(np.count_nonzero(self._has[theirs])) / min(mine, len(theirs))


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
