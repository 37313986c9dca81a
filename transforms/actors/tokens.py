"""The tokens of a document as plain lists, read once: spaCy makes a new object for every token that it is asked for."""

import numpy as np
from spacy.tokens import Doc

_KEY = "newsbeam.tokens"
_COLUMNS: list[int | str] = [
    "ORTH", "SPACY", "IDX", "LENGTH", "POS", "TAG", "DEP", "LEMMA", "ENT_TYPE", "ENT_IOB", "HEAD", "SENT_START",
]  # fmt: skip
_HEAD = _COLUMNS.index("HEAD")
_NOMINAL = {"NOUN", "PROPN", "PRON"}
_NOUN_RELATIONS = {
    "oprd", "nsubj", "dobj", "nsubjpass", "pcomp", "pobj", "dative", "appos", "attr", "ROOT",
}  # fmt: skip
BEGIN, INSIDE = 3, 1  # of `iob`: whether an entity begins at the token or goes on


class Tokens:
    """What the rooms ask of every token of a document."""

    __slots__ = ("begin", "dep", "end", "ent", "head", "iob", "lemma", "lower", "pos", "starts", "tag", "text", "word")

    def __init__(self, doc: Doc) -> None:
        """Read a document."""
        array = doc.to_array(_COLUMNS)
        columns = array.T.tolist()
        orth, spaces, begin, length, pos, tag, dep, lemma, ent, iob, _, starts = columns or [[] for _ in _COLUMNS]
        string = doc.vocab.strings
        names = {key: string[key] for key in {*orth, *lemma}}
        self.word: list[str] = list(map(names.__getitem__, orth))
        self.lower: list[str] = list(map({key: names[key].lower() for key in set(orth)}.__getitem__, orth))
        # doc.text makes an object of every token
        self.text: str = "".join([word + " " if space else word for word, space in zip(self.word, spaces, strict=True)])
        self.begin: list[int] = begin
        self.end: list[int] = [at + size for at, size in zip(begin, length, strict=True)]
        self.lemma: list[str] = list(map(names.__getitem__, lemma))
        self.pos, self.tag, self.dep, self.ent = (
            list(map({key: string[key] for key in set(column)}.__getitem__, column)) for column in (pos, tag, dep, ent)
        )
        self.iob: list[int] = iob
        # heads are offsets, which the array writes without their signs
        self.head: list[int] = (array[:, _HEAD].astype(np.int64) + np.arange(len(orth))).tolist() if orth else []
        self.starts: list[int] = [i for i, is_start in enumerate(starts) if is_start == 1 or i == 0]

    def noun_phrases(self) -> list[tuple[int, int]]:
        """First token and head of each noun phrase, as spaCy's `noun_chunks` tells them: in order, none in another."""
        dep, head = self.dep, self.head
        left = list(range(len(head)))  # the first token below each token
        for i in range(len(head)):
            above = head[i]
            while left[above] > i:
                left[above] = i
                above = head[above]
        found: list[tuple[int, int]] = []
        last = -1
        for i, pos in enumerate(self.pos):
            if pos not in _NOMINAL or left[i] <= last:
                continue
            of = i
            if dep[i] == "conj":
                of = head[i]
                while dep[of] == "conj" and head[of] < of:
                    of = head[of]
            if dep[of] in _NOUN_RELATIONS:
                last = i
                found.append((left[i], i))
        return found

    def span(self, start: int, end: int) -> str:
        """The text of the tokens from `start` to before `end`."""
        return self.text[self.begin[start] : self.end[end - 1]]


def tokens_of(doc: Doc) -> Tokens:
    """The tokens of a document, kept with it: a parse is read by several rooms and not changed between them."""
    known: Tokens | None = doc.user_data.get(_KEY)
    if known is None:
        known = doc.user_data[_KEY] = Tokens(doc)
    return known
