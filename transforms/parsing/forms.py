"""Give words their parts of speech and lemmas as spaCy's rules do, each kind of word worked out once."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.matcher import Matcher
from spacy.pipeline import AttributeRuler, Lemmatizer
from spacy.tokens import Doc

from newsbeam.transforms.parsing.distinct import distinct_rows
from newsbeam.transforms.parsing.encoder import NotThisModel

_READ = ["LOWER", "TAG", "DEP", "IS_SPACE"]
_WRITTEN = ["TAG", "POS", "DEP", "MORPH", "LEMMA"]
_SET = {"TAG", "POS", "DEP", "MORPH", "LEMMA"}
_MOST_KINDS = 100_000  # that are remembered; names and typing errors would fill the memory of a stream

Words = NDArray[np.uint64]


class _Memory:
    """What kinds of words lead to. Threads may share it: what is known is looked up once, and never changes."""

    def __init__(self) -> None:
        self._found: dict[int, tuple[int, ...]] = {}

    def get(self, kinds: list[int]) -> list[tuple[int, ...] | None]:
        """What each kind leads to; None where it is not known."""
        return list(map(self._found.get, kinds))

    def learn(self, kind: int, row: tuple[int, ...]) -> None:
        """Know of a kind from now on."""
        if len(self._found) >= _MOST_KINDS:
            self._found.clear()
        self._found[kind] = row


class WordClasses:
    """What an `AttributeRuler` sets, without matching its two hundred patterns against each token.

    A pattern of one token tells by the word (if the pattern names it), its tag, its relation and whether it is a space:
    tokens alike in these are set alike. Patterns of several tokens or of expressions are few and matched as they are;
    what they lie over is one more of these properties.
    """

    def __init__(self, ruler: AttributeRuler) -> None:
        """Take the patterns. Raises NotThisModel where they look at something else."""
        self._ruler = ruler
        self._others = Matcher(ruler.vocab)
        words: set[str] = set()
        self._reach = 0  # of those patterns, to either side of a token
        self._aims: dict[int, tuple[int, int]] = {}  # of these: the rule's number, the token that is set
        rules: Any = ruler.patterns
        for number, rule in enumerate(rules):
            if not set(rule["attrs"]) <= _SET:
                raise NotThisModel("a pattern that sets something else")
            for pattern in rule["patterns"]:
                if any(not set(token) <= set(_READ) or "OP" in token for token in pattern):
                    raise NotThisModel("a pattern that reads something else")
                named = _named(pattern[0].get("LOWER"))
                if len(pattern) == 1 and named is not None:
                    words |= named
                else:
                    name = str(number)
                    self._others.add(name, [pattern])
                    self._reach = max(self._reach, len(pattern) - 1)
                    self._aims[ruler.vocab.strings[name]] = number, rule["index"]
        self._words = np.array(sorted(ruler.vocab.strings.add(word) for word in words), np.uint64)
        self._memory = _Memory()

    def __call__(self, doc: Doc) -> Doc:
        """Set tags, parts of speech, morphology and the lemmas that the patterns give."""
        if not len(doc):
            return doc
        read, covered = self._properties(doc)
        kinds, firsts, alike = distinct_rows(np.column_stack([read, covered]))
        rows = self._memory.get(kinds)
        missing = [at for at, row in enumerate(rows) if row is None]
        if missing:
            places = firsts[missing]
            under, reach = covered[places] > 0, self._reach
            if (under & ((places < reach) | (places + reach >= len(doc)))).any():  # the text ends within reach
                self._ruler(doc)
                for kind, row in zip(kinds, _read(doc, _WRITTEN)[firsts].tolist(), strict=True):
                    self._memory.learn(kind, tuple(row))
                return doc
            found = np.empty((len(places), len(_WRITTEN)), np.uint64)
            found[under] = self._try(doc, places[under], reach)
            found[~under] = self._try(doc, places[~under], 0)
            for at, row in zip(missing, found.tolist(), strict=True):
                rows[at] = tuple(row)
                self._memory.learn(kinds[at], tuple(row))
        return _write(doc, _WRITTEN, np.array(rows, np.uint64)[alike])

    def pipe(self, docs: Iterable[Doc], batch_size: int = 1) -> Iterator[Doc]:
        """The same for each of them."""
        return map(self, docs)

    def _properties(self, doc: Doc) -> tuple[Words, Words]:
        """What patterns of one token read of each token, and which others lie over it."""
        read = _read(doc, _READ)
        words = read[:, 0]
        words[self._words[np.searchsorted(self._words, words) % len(self._words)] != words] = 0
        covered = np.zeros(len(doc), np.uint64)
        over: dict[int, set[int]] = {}
        for name, start, end in self._others(doc, allow_missing=True):
            number, index = self._aims[name]
            over.setdefault(start + index if index >= 0 else end + index, set()).add(number)
        for at, numbers in over.items():
            for number in sorted(numbers):  # there are fewer rules than a thousand
                covered[at] = covered[at] * np.uint64(1009) + np.uint64(number + 1)
        return read, covered

    def _try(self, doc: Doc, places: NDArray[np.int64], reach: int) -> Words:
        """What the ruler makes of tokens among so many to either side, between words of no kind at all."""
        if not len(places):
            return np.empty((0, len(_WRITTEN)), np.uint64)
        around = places[:, None] + np.arange(-reach, reach + 1)
        words = [word for row in around.tolist() for word in (*(doc[at].text for at in row), "x")]
        alone = Doc(doc.vocab, words=words)
        properties = np.zeros((len(places), 2 * reach + 2, 2), np.uint64)
        properties[:, :-1] = _read(doc, ["TAG", "DEP"])[around]
        self._ruler(_write(alone, ["TAG", "DEP"], properties.reshape(-1, 2)))
        return _read(alone, _WRITTEN)[reach :: 2 * reach + 2]


class Lemmas:
    """The lemmas that a `Lemmatizer` of rules gives, each form of a word worked out once."""

    _READ = ["ORTH", "POS", "MORPH", "LEMMA"]

    def __init__(self, lemmatizer: Lemmatizer) -> None:
        """Take the rules. Raises NotThisModel for lemmas of another kind than by rules."""
        if lemmatizer.mode != "rule" or lemmatizer.overwrite:
            raise NotThisModel(f"lemmas by {lemmatizer.mode}")
        self._lemmatizer = lemmatizer
        self._memory = _Memory()
        known: Any = lemmatizer.lookups.get_table("lemma_index", {})
        for part_of_speech in list(known):  # spaCy seeks each form in lists, of nouns in 57,528: 0.3 ms a word
            known[part_of_speech] = dict.fromkeys(known[part_of_speech])

    def __call__(self, doc: Doc) -> Doc:
        """Set the lemmas of tokens that have none."""
        if not len(doc):
            return doc
        read = _read(doc, self._READ)
        kinds, firsts, alike = distinct_rows(read)
        rows = self._memory.get(kinds)
        for at, row in enumerate(rows):
            if row is None:
                rows[at] = row = (self._lemma(doc, int(firsts[at])),)
                self._memory.learn(kinds[at], row)
        return _write(doc, ["LEMMA"], np.array(rows, np.uint64)[alike])

    def pipe(self, docs: Iterable[Doc], batch_size: int = 1) -> Iterator[Doc]:
        """The same for each of them."""
        return map(self, docs)

    def _lemma(self, doc: Doc, at: int) -> int:
        token = doc[at]
        if token.lemma:
            return token.lemma
        found: int = doc.vocab.strings.add(self._lemmatizer.lemmatize(token)[0])
        self._lemmatizer.cache.clear()  # it would remember every form; what is known here is bounded
        return found


def _read(doc: Doc, attributes: list[str]) -> Words:
    found: Any = doc.to_array([*attributes])
    return found


def _write(doc: Doc, attributes: list[str], rows: Any) -> Doc:
    return doc.from_array([*attributes], rows)


def _named(condition: Any) -> set[str] | None:
    """The words that a condition names; None where it is no list of words."""
    if condition is None:
        return set()
    if isinstance(condition, str):
        return {condition}
    if isinstance(condition, dict) and set(condition) <= {"IN", "NOT_IN"}:
        return {word for words in condition.values() for word in words}
    return None
