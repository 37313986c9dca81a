"""Multiply rows by a matrix so that no row's product depends on the rows beside it."""

import numpy as np

from newsbeam.transforms.parsing.encoder import Floats, NotThisModel

_ROWS = 8  # multiplied at a time: of more, OpenBLAS takes sums in an order that depends on the row's place


class Product:
    """Rows times a matrix of weights, each row for itself in every bit.

    spaCy's blis multiplies with its generic kernels here, numpy's library in half of the time. What is parsed is
    batched with whatever is at hand, and must not depend on it.
    """

    def __init__(self, weights: Floats) -> None:
        """Take a matrix (inputs, outputs). Raises NotThisModel where numpy lets rows depend on their place."""
        self._weights = np.ascontiguousarray(weights)
        self.outputs = weights.shape[1]
        alike = self(np.tile(self._weights[:, 0], (_ROWS, 1)))
        if (alike != alike[0]).any():
            raise NotThisModel("a matrix product that depends on the row's place")

    def __call__(self, rows: Floats, before: int = 0) -> Floats:
        """The products, behind `before` rows that are left to fill."""
        count, width = rows.shape
        filled = np.zeros((-(-count // _ROWS), _ROWS, width), np.float32)
        filled.reshape(-1, width)[:count] = rows
        found = np.empty((before + len(filled) * _ROWS, self.outputs), np.float32)
        np.matmul(filled, self._weights, out=found[before:].reshape(len(filled), _ROWS, self.outputs))
        return found[: before + count]
