"""Parse the sentences of texts side by side, to the result of spaCy's `DependencyParser`.

spaCy's parser goes through a text from its first token to its last, since where a sentence ends is a thing that it
decides. Yet a state with an empty stack before a token that it has not touched knows nothing of what came before: from
there the parse goes on as if the text began there. So a state is started before each token that may begin a sentence,
all of them take their steps together, and one that comes, empty-handed, to where another began is done. The states that
were reached from the beginning are the parse; the few others began within a sentence, and are dropped.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.pipeline import DependencyParser
from spacy.pipeline._parser_internals.stateclass import StateClass  # type: ignore[import-not-found]  # compiled
from spacy.tokens import Doc

from newsbeam.transforms.parsing.encoder import NotThisModel
from newsbeam.transforms.parsing.products import Product

_MOST_TOKENS = 4_096  # of texts that are parsed together; each takes four kilobytes while they are
_MOST_STATES = 256  # at a time: each holds its text's heads
_ENDS, _CLOSERS = (".", "?", "!", "…"), ('"', "'", "''", "”", "’", ")", "]")
_NONE = -1
#: Columns of what spaCy's states tell of themselves: first of the buffer, top of the stack, a child left of the former.
_BUFFER, _STACK, _CHILD = 0, 2, 5
_TOLD = 8

_Arcs = list[dict[str, int]]


class SideBySide:
    """A `DependencyParser` whose sentences take their steps together."""

    def __init__(self, parser: DependencyParser) -> None:
        """Take the parser. Raises NotThisModel where it is of another kind."""
        model: Any = parser.model
        if (
            type(parser) is not DependencyParser
            or parser.cfg["beam_width"] != 1
            or parser.cfg.get("learn_tokens")
            or not model.attrs["has_upper"]
            or model.attrs["unseen_classes"]
            or model.get_ref("lower").get_dim("nF") != _TOLD
        ):
            raise NotThisModel(model.name)
        upper = model.get_ref("upper")
        self.parser: Any = parser
        self.scores, self.bias = Product(upper.get_param("W").T), upper.get_param("b")
        strings = parser.vocab.strings
        self._ends = np.array([strings.add(end) for end in _ENDS], np.uint64)
        self._closers = np.array([strings.add(closer) for closer in _CLOSERS], np.uint64)
        self._root = strings.add("ROOT")

    def __call__(self, doc: Doc) -> Doc:
        """Set heads, relations and sentence starts of a tagged document."""
        self._parse([doc])
        return doc

    def pipe(self, docs: Iterable[Doc], batch_size: int = 1) -> Iterator[Doc]:
        """Set those of many; what each gets does not depend on the others."""
        batch: list[Doc] = []
        size = 0
        for doc in docs:
            if batch and (len(batch) >= batch_size or size + len(doc) > _MOST_TOKENS):
                yield from self._parse(batch)
                batch, size = [], 0
            batch.append(doc)
            size += len(doc)
        yield from self._parse(batch)

    def _parse(self, docs: list[Doc]) -> list[Doc]:
        filled = [doc for doc in docs if len(doc)]
        if filled:
            ends, arcs = _Steps(self, filled, [self._may_start(doc) for doc in filled]).take()
            offset = 0
            for doc in filled:
                self._write(doc, offset, ends, arcs)
                offset += len(doc)
        return docs

    def _may_start(self, doc: Doc) -> NDArray[np.bool_]:
        """Where sentences may start; more only cost states that are dropped, fewer longer ways alone."""
        orth, space, start = doc.to_array(["ORTH", "IS_SPACE", "SENT_START"]).T
        closes = np.isin(orth, self._closers) | (space == 1)
        found = start == 1
        found[0] = True
        for place in (np.flatnonzero(np.isin(orth, self._ends)) + 1).tolist():
            while place < len(doc) and closes[place]:
                place += 1
            if place < len(doc):
                found[place] = True
        return found

    def _write(self, doc: Doc, offset: int, ends: dict[int, int], arcs: dict[int, _Arcs]) -> None:
        heads, relations = np.zeros(len(doc), np.int64), np.full(len(doc), self._root, np.uint64)
        start = offset
        while start != _NONE:
            for arc in arcs[start]:
                heads[arc["child"]] = arc["head"] - arc["child"]
                relations[arc["child"]] = arc["label"]
            start = ends[start]
        rows: Any = np.stack([heads.astype(np.uint64), relations], axis=1)
        doc.from_array(["HEAD", "DEP"], rows)
        for adjust in self.parser.postprocesses:
            adjust(doc)


class _Steps:
    """The states of some texts on their way. Tokens are counted through all of the texts."""

    def __init__(self, sides: SideBySide, docs: Sequence[Doc], may_start: Sequence[NDArray[np.bool_]]) -> None:
        self._parser, self._scores, self._bias = sides.parser, sides.scores, sides.bias
        self._network = self._parser.model.predict(docs)
        self._may_start = np.concatenate([*may_start, [False]])  # behind the last token nothing starts
        self._todo = _starting_states(docs, may_start)
        self._states: list[Any] = []
        nothing = np.zeros(0, np.int64)
        self._starts, self._pushed, self._broken, self._tops, self._nexts = (nothing,) * 5
        self._ends: dict[int, int] = {}
        self._arcs: dict[int, _Arcs] = {}

    def take(self) -> tuple[dict[int, int], dict[int, _Arcs]]:
        """Where each state was done, by where it began (_NONE: at the end of its text), and the arcs that it made."""
        while self._fill():
            told = self._network.get_token_ids(self._states)
            is_done = self._observe(told)
            if is_done.any():
                for place in np.flatnonzero(is_done).tolist():
                    self._finish(place, int(told[place, _BUFFER]))
                self._keep(~is_done)
                told = told[~is_done]
            if self._states:
                self._step(told)
        self._network.clear_memory()  # it refers to itself: the collector would find its megabytes late
        return self._ends, self._arcs

    def _fill(self) -> bool:
        """Start states while there is room; whether any is on its way."""
        started = [start for _, start in zip(range(_MOST_STATES - len(self._states)), self._todo, strict=False)]
        if started:
            self._states += [state for _, state in started]
            before = np.full(len(started), _NONE, np.int64)
            self._starts = np.concatenate([self._starts, np.array([start for start, _ in started])])
            self._pushed, self._broken = np.append(self._pushed, before), np.append(self._broken, before)
            self._tops, self._nexts = np.append(self._tops, before), np.append(self._nexts, before)
        return bool(self._states)

    def _observe(self, told: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which states have come to where another one began, and know no more than that one knew.

        It must have nothing on its stack, and never have had that token or a later one there; that token must have no
        children; and the sentence must not have been broken behind it, which leaves both stack and buffer as they were.
        """
        tops, nexts = told[:, _STACK], told[:, _BUFFER]
        np.maximum(self._pushed, tops, out=self._pushed)
        has_broken = (tops == self._tops) & (nexts == self._nexts)
        self._broken[has_broken] = nexts[has_broken]
        self._tops, self._nexts = tops.astype(np.int64), nexts.astype(np.int64)
        is_new = (nexts != self._starts) & (self._pushed < nexts) & (self._broken < nexts)
        return self._may_start[nexts] & (tops < 0) & (told[:, _CHILD] < 0) & is_new

    def _step(self, told: NDArray[np.int32]) -> None:
        hidden, _ = self._network.state2vec(np.ascontiguousarray(told), False)
        scores = self._scores(hidden)
        scores += self._bias
        going = self._parser.transition_states(self._states, scores)
        if len(going) < len(self._states):
            is_final = np.array([state.is_final() for state in self._states])
            for place in np.flatnonzero(is_final).tolist():
                self._finish(place, _NONE)
            self._keep(~is_final)

    def _finish(self, place: int, end: int) -> None:
        start = int(self._starts[place])
        self._ends[start], self._arcs[start] = end, self._states[place].arcs

    def _keep(self, which: NDArray[np.bool_]) -> None:
        self._states = [state for state, is_kept in zip(self._states, which.tolist(), strict=True) if is_kept]
        self._starts, self._pushed, self._broken = self._starts[which], self._pushed[which], self._broken[which]
        self._tops, self._nexts = self._tops[which], self._nexts[which]


def _starting_states(docs: Sequence[Doc], may_start: Sequence[NDArray[np.bool_]]) -> Iterator[tuple[int, Any]]:
    """States with an empty stack before each token that may start a sentence, with its place."""
    offset = 0
    for doc, places in zip(docs, may_start, strict=True):
        moving, at = StateClass(doc, offset), 0
        for place in np.flatnonzero(places).tolist():
            for _ in range(at, place):
                moving.push()
                moving.pop()
            at = place
            yield offset + place, moving.copy()
        offset += len(doc)
