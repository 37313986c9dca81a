"""Compute what a parser reads of tokens in its states: what spaCy's `PrecomputableAffine` gives, to rounding."""

from typing import Any

import numpy as np
from thinc.api import Model

from newsbeam.transforms.parsing.encoder import Floats, NotThisModel

_ROWS = 8  # multiplied at a time: of more, OpenBLAS takes sums in an order that depends on the row's place


class StateFeatures:
    """For each token and each place in a state that it may have, what it adds to the state's hidden layer.

    spaCy's blis multiplies with its generic kernels here, numpy's library in half of the time. What a token gets does
    not depend on the others, in no bit: documents are parsed in batches.
    """

    def __init__(self, lower: Model[Any, Any]) -> None:
        """Take the weights of a trained layer. Raises NotThisModel where it, or the library, is of another kind."""
        if lower.name != "precomputable_affine":
            raise NotThisModel(lower.name)
        weights: Any = lower.get_param("W")
        missing: Any = lower.get_param("pad")
        self._shape = weights.shape[:-1]  # places, hidden units, pieces
        self._weights = np.ascontiguousarray(weights.reshape(-1, weights.shape[-1]).T)
        self._missing = missing.reshape(-1)
        alike = self(np.tile(self._weights[:, 0], (_ROWS, 1)))[1:]
        if (alike != alike[0]).any():
            raise NotThisModel("a matrix product that depends on the row's place")

    def __call__(self, vectors: Floats) -> Floats:
        """Those of no token, then those of each token."""
        count, width = vectors.shape
        filled = np.zeros((-(-count // _ROWS), _ROWS, width), np.float32)
        filled.reshape(-1, width)[:count] = vectors
        found = np.empty((1 + len(filled) * _ROWS, self._weights.shape[1]), np.float32)
        found[0] = self._missing
        np.matmul(filled, self._weights, out=found[1:].reshape(len(filled), _ROWS, self._missing.size))
        return found[: 1 + count].reshape(1 + count, *self._shape)
