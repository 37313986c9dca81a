"""Compute spaCy's token vectors with fewer and faster operations: what `Tok2Vec` gives, to rounding."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc
from thinc.api import Model

from newsbeam.transforms.parsing.distinct import distinct_rows

Floats = NDArray[np.float32]

_ROWS = 256  # of a matrix product: what is worked on stays in the processor's second cache
_NAMES = {"extract_features", "hashembed", "maxout", "layernorm", "expand_window"}


class NotThisModel(Exception):
    """A network is built in another way than `Encoder` computes."""


class _Mix:
    """A maxout layer with its normalisation."""

    def __init__(self, maxout: Any, norm: Any) -> None:
        weights, bias = maxout.get_param("W"), maxout.get_param("b")
        self.width, self._pieces, self.inputs = weights.shape
        # the pieces one after another, not by turns: their maximum is then one of whole rows
        self._weights = np.ascontiguousarray(weights.transpose(1, 0, 2).reshape(-1, self.inputs).T)
        self._bias = np.ascontiguousarray(bias.T.reshape(-1))
        self._scale, self._shift = norm.get_param("G"), norm.get_param("b")

    def __call__(self, rows: Floats) -> Floats:
        width = self.width
        pieces = rows @ self._weights
        pieces += self._bias
        found = np.maximum(pieces[:, :width], pieces[:, width : 2 * width])
        for at in range(2 * width, self._pieces * width, width):
            np.maximum(found, pieces[:, at : at + width], out=found)
        found -= found.mean(axis=1, keepdims=True)
        spread = np.einsum("ij,ij->i", found, found)
        spread /= width
        spread += 1e-8
        found /= np.sqrt(spread, out=spread)[:, None]
        found *= self._scale
        found += self._shift
        return found


class Encoder:
    """A `MultiHashEmbed` and a `MaxoutWindowEncoder` of window 1, as spaCy's small pipelines have them.

    Each document is computed for itself: its vectors do not depend on what it is batched with, in no bit.
    """

    def __init__(self, model: Model[Any, Any]) -> None:
        """Take the weights of a trained network. Raises NotThisModel where it is of another kind."""
        nodes: list[Any] = [node for node in model.walk(order="dfs_pre") if not node.layers]
        by_name = {name: [node for node in nodes if node.name == name] for name in _NAMES}
        maxouts, norms, windows = by_name["maxout"], by_name["layernorm"], by_name["expand_window"]
        if (
            len(by_name["extract_features"]) != 1
            or not windows
            or any(window.attrs["window_size"] != 1 for window in windows)
            or not len(maxouts) == len(norms) == len(windows) + 1
            or not {node.name for node in nodes} <= _NAMES | {"list2ragged", "ragged2list", "ints-getitem", "dropout"}
        ):
            raise NotThisModel(model.name)
        self._columns = by_name["extract_features"][0].attrs["columns"]
        self._tables = by_name["hashembed"]
        self._mix, *self._layers = [_Mix(*pair) for pair in zip(maxouts, norms, strict=True)]
        width = self._mix.width
        inputs = sum(table.get_dim("nO") for table in self._tables)
        if inputs != self._mix.inputs or any(layer.inputs != 3 * width for layer in self._layers):
            raise NotThisModel(model.name)
        self.width = width
        self._ops: Any = model.ops

    def __call__(self, docs: Sequence[Doc]) -> list[Floats]:
        """The vectors of the tokens of each document."""
        return [self._encode(doc) for doc in docs]

    def _encode(self, doc: Doc) -> Floats:
        if not len(doc):
            return np.zeros((0, self.width), np.float32)
        pad = len(self._layers)  # empty tokens around the text, as far as a layer of the last token reaches
        count = len(doc) + 2 * pad
        state = np.zeros((count + 2, self.width), np.float32)  # one more row at each end, which stays nothing
        state[pad + 1 : -pad - 1] = self._embed(doc)
        window = np.empty((min(count, _ROWS), 3 * self.width), np.float32)
        for layer in self._layers:
            after = np.zeros_like(state)
            for first, last in _blocks(count):
                rows = window[: last - first]
                for place in range(3):
                    rows[:, place * self.width : (place + 1) * self.width] = state[first + place : last + place]
                np.add(layer(rows), state[first + 1 : last + 1], out=after[first + 1 : last + 1])
            state = after
        return state[pad + 1 : -pad - 1].copy()

    def _embed(self, doc: Doc) -> Floats:
        """The vectors of the tokens as words alone; a word that comes again is computed once."""
        features: NDArray[np.uint64] = doc.to_array(self._columns).reshape(len(doc), -1).astype(np.uint64, copy=False)
        _, firsts, places = distinct_rows(features)
        distinct = features[firsts]
        parts = []
        for table in self._tables:
            vectors = table.get_param("E")
            column = np.ascontiguousarray(distinct[:, table.attrs["column"]])
            parts.append(self._ops.gather_add(vectors, self._ops.hash(column, table.attrs["seed"]) % vectors.shape[0]))
        joined = np.concatenate(parts, axis=1)
        mixed = [self._mix(joined[first:last]) for first, last in _blocks(len(joined))]
        return np.concatenate(mixed)[places]


def _blocks(count: int) -> Iterator[tuple[int, int]]:
    for first in range(0, count, _ROWS):
        yield first, min(first + _ROWS, count)
