"""Compute what a parser reads of tokens in its states: what spaCy's `PrecomputableAffine` gives, to rounding."""

from typing import Any

from thinc.api import Model

from newsbeam.transforms.parsing.encoder import Floats, NotThisModel
from newsbeam.transforms.parsing.products import Product


class StateFeatures:
    """For each token and each place in a state that it may have, what it adds to the state's hidden layer."""

    def __init__(self, lower: Model[Any, Any]) -> None:
        """Take the weights of a trained layer. Raises NotThisModel where it, or numpy's library, is of another kind."""
        if lower.name != "precomputable_affine":
            raise NotThisModel(lower.name)
        weights: Any = lower.get_param("W")
        missing: Any = lower.get_param("pad")
        self._shape = weights.shape[:-1]  # places, hidden units, pieces
        self._product = Product(weights.reshape(-1, weights.shape[-1]).T)
        self._missing = missing.reshape(-1)

    def __call__(self, vectors: Floats) -> Floats:
        """Those of no token, then those of each token."""
        found = self._product(vectors, before=1)
        found[0] = self._missing
        return found.reshape(len(found), *self._shape)
