"""Find named entities as spaCy's `EntityRecognizer` does, for all tokens at once instead of one after another."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.pipeline import EntityRecognizer
from spacy.tokens import Doc, Span

from newsbeam.transforms.parsing.encoder import Encoder, Floats, NotThisModel

_NONE = -1


class EntityFinder:
    """The entities that a trained `EntityRecognizer` finds, from its weights.

    Its transitions look at three tokens: the next one, the first of an open entity and the last one read. Where no
    entity is open the decision depends on the next token alone, so it is made for all tokens in one matrix product;
    the few entities that are opened are then followed side by side.
    """

    def __init__(self, recognizer: EntityRecognizer) -> None:
        """Take the weights. Raises NotThisModel where the network is of another kind."""
        model = recognizer.model
        lower, upper = model.get_ref("lower"), model.get_ref("upper")
        before = model.get_ref("tok2vec").layers
        has_other_shape = len(before) != 3 or before[1].name != "list2array" or before[2].name != "linear"
        if (
            has_other_shape
            or recognizer.cfg["beam_width"] != 1
            or not model.attrs["has_upper"]
            or model.attrs["unseen_classes"]
            or lower.get_dim("nF") != 3
            or lower.get_dim("nP") != 2
        ):
            raise NotThisModel(model.name)
        self._encoder = Encoder(before[0])
        self._reduce = _affine(before[2])
        feature_weights = lower.get_param("W")
        self._features = np.ascontiguousarray(feature_weights.reshape(-1, feature_weights.shape[-1]).T)
        self._missing = lower.get_param("pad").reshape(3, -1)
        self._bias = lower.get_param("b").reshape(-1)
        self._hidden = lower.get_dim("nO")
        self._scores = _affine(upper)
        moves = recognizer.moves
        self._read_moves([moves.get_class_name(place) for place in range(moves.n_moves)])

    def _read_moves(self, names: list[str]) -> None:
        """Which moves may be made outside of an entity, and how each goes on."""
        places = {name: place for place, name in enumerate(names)}
        self._labels = [name.partition("-")[2] for name in names]
        is_label = np.array([bool(label) for label in self._labels])
        self._opens = np.array([name[:2] == "B-" for name in names]) & is_label
        self._alone = np.array([name[:2] == "U-" for name in names]) & is_label
        self._outside = places["O"]
        self._may = self._opens | self._alone
        self._may[self._outside] = True
        nowhere = [places.get(f"I-{label}", _NONE) for label in self._labels]
        self._inside = np.array(nowhere)
        self._lasts = np.array([places.get(f"L-{label}", _NONE) for label in self._labels])
        if (self._inside[self._opens] == _NONE).any() or (self._lasts[self._opens] == _NONE).any():
            raise NotThisModel("an entity that cannot be closed")
        if not (self._inside[self._opens] < self._lasts[self._opens]).all():
            raise NotThisModel("moves in another order")

    def __call__(self, doc: Doc) -> Doc:
        """Set the entities of a parsed document."""
        doc.set_ents([Span(doc, *entity) for entity in self._find(doc)] if len(doc) else [], default="outside")
        return doc

    def pipe(self, docs: Iterable[Doc], batch_size: int = 1) -> Iterator[Doc]:
        """Set the entities of parsed documents, each for itself."""
        for doc in docs:
            yield self(doc)

    def _find(self, doc: Doc) -> list[tuple[int, int, str]]:
        vectors = _apply(self._reduce, self._encoder([doc])[0])
        parts = (vectors @ self._features).reshape(len(doc), 3, -1)
        flags = doc.to_array(["IS_SPACE", "SENT_START"])
        is_last = np.append(flags[1:, 1] == 1, True)  # of its sentence, or of the text: no entity goes on behind it
        guesses = self._outside_moves(parts, is_last, flags[:, 0] == 1)
        starts = np.flatnonzero(self._opens[guesses])
        ends = self._ends(parts, is_last, starts, guesses[starts])
        spans = dict(zip(starts.tolist(), ends.tolist(), strict=True))
        spans.update((at, at + 1) for at in np.flatnonzero(self._alone[guesses]).tolist())
        found, reached = [], 0
        for start, end in sorted(spans.items()):
            if start >= reached:
                found.append((start, end, self._labels[guesses[start]]))
                reached = end
        return found

    def _outside_moves(
        self, parts: Floats, is_last: NDArray[np.bool_], is_space: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        """The best move at each token if no entity is open before it."""
        scores = _apply(self._scores, self._states(parts[:, 0] + self._missing[1] + self._missing[2]))
        scores[:, ~self._may] = -np.inf
        scores[np.ix_(is_last, self._opens)] = -np.inf
        scores[np.ix_(is_space, self._opens | self._alone)] = -np.inf
        return scores.argmax(axis=1)

    def _ends(
        self, parts: Floats, is_last: NDArray[np.bool_], starts: NDArray[np.int64], moves: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Behind which token each of the entities ends that are opened at `starts`."""
        ends = np.zeros_like(starts)
        weights, bias = self._scores
        inside, lasts = self._inside[moves], self._lasts[moves]
        open_, at = np.arange(len(starts)), starts + 1
        while len(open_):
            begins = starts[open_]
            states = self._states(parts[at, 0] + parts[begins, 1] + parts[at - 1, 2])
            on, off = inside[open_], lasts[open_]
            goes_on = np.einsum("ij,ji->i", states, weights[:, on]) + bias[on]
            stops = np.einsum("ij,ji->i", states, weights[:, off]) + bias[off]
            is_end = is_last[at] | (stops > goes_on)
            ends[open_[is_end]] = at[is_end] + 1
            open_, at = open_[~is_end], at[~is_end] + 1
        return ends

    def _states(self, sums: Floats) -> Floats:
        sums += self._bias
        pairs = sums.reshape(len(sums), self._hidden, 2)
        return np.maximum(pairs[:, :, 0], pairs[:, :, 1])


def _affine(linear: Any) -> tuple[Floats, Floats]:
    return np.ascontiguousarray(linear.get_param("W").T), linear.get_param("b")


def _apply(affine: tuple[Floats, Floats], rows: Floats) -> Any:
    found = rows @ affine[0]
    found += affine[1]
    return found
