"""Find the known names in a document: countries, demonyms, capitals, peoples, bodies and leaders."""

from typing import NamedTuple

from spacy.tokens import Doc

from newsbeam.transforms.actors.lexicon import Entry, beginnings, folded, names, roles
from newsbeam.transforms.actors.tokens import INSIDE, Tokens, tokens_of
from newsbeam.transforms.actors.words import WORDS


class Hit(NamedTuple):
    """A known name at its place in the document."""

    start: int
    end: int
    entries: tuple[Entry, ...]

    @property
    def entry(self) -> Entry:
        """What the name likeliest stands for."""
        return self.entries[0]


_LOW_FIRST, _ALSO_WORDS, _RISKY = WORDS["low_first"], WORDS["also_words"], WORDS["risky"]
_WHERE = WORDS["where"]


def find_names(doc: Doc) -> list[Hit]:
    """Known names in the document, the longest ones, from the left, without overlaps."""
    table, begun = names(), beginnings()
    tokens = tokens_of(doc)
    words, lower = tokens.word, tokens.lower
    found: list[Hit] = []
    at, last = 0, len(words)
    while at < last:
        word = words[at]
        if not word[0].isupper() and lower[at] not in _LOW_FIRST and not word.startswith(("al-", "el-")):
            at += 1
            continue
        step, end = 1, at + 1
        key = folded(word)
        best: tuple[int, tuple[Entry, ...]] | None = None
        # a hyphen is a token of its own, and a genitive too: a name's beginning tells whether to read on
        while True:
            entries = table.get(key)
            if entries and (end == at + 1 or words[end - 1][0].isalpha() or words[end - 1][0] == "+"):
                kept = tuple(entry for entry in entries if _is_apt(tokens, at, end, entry))
                if kept:
                    best = end, kept
            if key not in begun or end == last:
                break
            end += 1
            key = folded(tokens.span(at, end))
        if best is not None:
            end, kept = best
            step = end - at
            if kept[0].method != "other":
                found.append(Hit(at, end, kept))
        at += step
    surnames = surnames_of(doc)
    return [hit for hit in found if not _is_surname(tokens, hit, surnames)]


def surnames_of(doc: Doc) -> frozenset[str]:
    """Last words of the persons whom the document names by more than one word."""
    tokens = tokens_of(doc)
    found: set[str] = set()
    for at, (entity, place) in enumerate(zip(tokens.ent, tokens.iob, strict=True)):
        if entity == "PERSON" and place == INSIDE and (at + 1 == len(tokens.iob) or tokens.iob[at + 1] != INSIDE):
            found.add(tokens.word[at])
    return frozenset(found)


def _is_surname(tokens: Tokens, hit: Hit, surnames: frozenset[str]) -> bool:
    """Whether the name of a state or capital stands for a person of the document: "Hamilton" beside Lewis Hamilton."""
    at = hit.start
    if hit.end > at + 1 or tokens.word[at] not in surnames or hit.entry.method not in ("capital", "gazetteer"):
        return False
    return tokens.ent[at] != "GPE" and not (tokens.dep[at] == "pobj" and tokens.lower[tokens.head[at]] in _WHERE)


def _is_apt(tokens: Tokens, start: int, end: int, entry: Entry) -> bool:
    """Whether the words can stand for the entry here."""
    if end == start + 1:
        text = tokens.word[start]
        low = tokens.lower[start].replace(".", "")
        if low in _ALSO_WORDS and not (text.isupper() and not _shouts(tokens, start)):
            return False
        if not text[0].isupper():
            return entry.method in ("organisation", "demonym") and low not in _LOW_FIRST
        if entry.method == "leader":
            if tokens.pos[start] != "PROPN" or (low in _RISKY and tokens.ent[start] != "PERSON"):
                return False
            return not (_has_other_given_name(tokens, start) or _is_hyphened(tokens, end))
        if entry.method == "body" and tokens.pos[start] not in ("PROPN", "NOUN"):
            return False
    if entry.kind == "country" and end < len(tokens.word) and tokens.ent[start] == "PERSON":
        # a person who bears the name of a state: "Chad Smith", "Michael Jordan"; not "Rwandan Hutu rebels"
        if tokens.ent[end] == "PERSON" and tokens.iob[end] == INSIDE and tokens.pos[end] == "PROPN":
            return entry.method == "demonym" and _is_people(tokens.word[end])
        if tokens.iob[start] == INSIDE and tokens.pos[start - 1] == "PROPN":
            return False
    return True


def _is_people(word: str) -> bool:
    return any(entry.method in ("demonym", "people") for entry in names().get(folded(word), ()))


def _shouts(tokens: Tokens, at: int) -> bool:
    """Whether the words beside a token are in capitals as well: a headline that tells nothing by them."""
    words = tokens.word
    near = [w for w in words[max(0, at - 2) : at] + words[at + 1 : at + 3] if w.isalpha()]
    return bool(near) and all(word.isupper() for word in near)


def _has_other_given_name(tokens: Tokens, start: int) -> bool:
    """Whether a surname that stands for a leader follows a given name that is not his."""
    if start == 0:
        return False
    before = tokens.word[start - 1]
    return (
        tokens.ent[start - 1] == "PERSON"
        and tokens.pos[start - 1] == "PROPN"
        and before[0].isupper()
        and not before.endswith(".")
        and not _is_title(tokens.lower[start - 1])
    )


def _is_hyphened(tokens: Tokens, end: int) -> bool:
    """Whether a surname goes on behind a hyphen: "Rawlings-Blake"."""
    words = tokens.word
    return end + 1 < len(words) and words[end] == "-" and words[end + 1][:1].isupper()


def _is_title(word: str) -> bool:
    return word in roles() or word in ("mr", "mrs", "ms", "dr", "sir")
