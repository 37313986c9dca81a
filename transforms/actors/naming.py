"""Find the known names in a document: countries, demonyms, capitals, peoples, bodies and leaders."""

from typing import NamedTuple

from spacy.tokens import Doc, Token

from newsbeam.transforms.actors.lexicon import Entry, folded, longest_by_first, names, roles
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


def find_names(doc: Doc) -> list[Hit]:
    """Known names in the document, the longest ones, from the left, without overlaps."""
    table, longest = names(), longest_by_first()
    found: list[Hit] = []
    at, last = 0, len(doc)
    words = [token.text for token in doc]
    while at < last:
        word = words[at]
        if not word[0].isupper() and word.lower() not in _LOW_FIRST and not word.startswith(("al-", "el-")):
            at += 1
            continue
        lead = folded(word).split(" ")[0].removesuffix("'s")
        limit = longest.get(lead, 0)
        step = 1
        if limit:
            # a hyphen is a token of its own, and a genitive too: names may take up more tokens than words
            for size in range(min(limit + 3, last - at), 0, -1):
                final = doc[at + size - 1]
                if not (final.text[0].isalpha() or final.text[0] == "+") and size > 1:
                    continue
                text = doc[at : at + size].text
                entries = table.get(folded(text))
                if entries:
                    kept = tuple(entry for entry in entries if _is_apt(doc, at, at + size, entry))
                    if kept:
                        if kept[0].method != "other":
                            found.append(Hit(at, at + size, kept))
                        step = size
                        break
        at += step
    surnames = surnames_of(doc)
    return [hit for hit in found if not _is_surname(doc, hit, surnames)]


def surnames_of(doc: Doc) -> frozenset[str]:
    """Last words of the persons whom the document names by more than one word."""
    return frozenset(entity[-1].text for entity in doc.ents if entity.label_ == "PERSON" and len(entity) > 1)


def _is_surname(doc: Doc, hit: Hit, surnames: frozenset[str]) -> bool:
    """Whether the name of a state or capital stands for a person of the document: "Hamilton" beside Lewis Hamilton."""
    token = doc[hit.start]
    if hit.end > hit.start + 1 or token.text not in surnames or hit.entry.method not in ("capital", "gazetteer"):
        return False
    return token.ent_type_ != "GPE" and not (token.dep_ == "pobj" and token.head.lower_ in WORDS["where"])


def _is_apt(doc: Doc, start: int, end: int, entry: Entry) -> bool:
    """Whether the words can stand for the entry here."""
    first = doc[start]
    text = first.text
    if end == start + 1:
        low = text.lower().replace(".", "")
        if low in _ALSO_WORDS and not (text.isupper() and not _shouts(doc, first)):
            return False
        if not text[0].isupper():
            return entry.method in ("organisation", "demonym") and low not in _LOW_FIRST
        if entry.method == "leader":
            if first.pos_ != "PROPN" or (low in _RISKY and first.ent_type_ != "PERSON"):
                return False
            return not _has_other_given_name(doc, start)
        if entry.method == "body" and first.pos_ not in ("PROPN", "NOUN"):
            return False
    if entry.kind == "country" and end < len(doc) and first.ent_type_ == "PERSON":
        # a person who bears the name of a state: "Chad Smith", "Michael Jordan"
        after = doc[end]
        if after.ent_type_ == "PERSON" and after.ent_iob_ == "I" and after.pos_ == "PROPN":
            return False
        if first.ent_iob_ == "I" and doc[start - 1].pos_ == "PROPN":
            return False
    return True


def _shouts(doc: Doc, token: Token) -> bool:
    """Whether the words beside a token are in capitals as well: a headline that tells nothing by them."""
    near = [doc[i] for i in range(max(0, token.i - 2), min(len(doc), token.i + 3)) if i != token.i and doc[i].is_alpha]
    return bool(near) and all(other.is_upper for other in near)


def _has_other_given_name(doc: Doc, start: int) -> bool:
    """Whether a surname that stands for a leader follows a given name that is not his."""
    if start == 0:
        return False
    before = doc[start - 1]
    return (
        before.ent_type_ == "PERSON"
        and before.pos_ == "PROPN"
        and before.text[0].isupper()
        and not before.text.endswith(".")
        and not _is_title(before)
    )


def _is_title(token: Token) -> bool:
    return token.lower_ in roles() or token.lower_ in ("mr", "mrs", "ms", "dr", "sir")
