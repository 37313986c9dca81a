"""The fast walk over py3langid's automaton finds what its own walk finds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from py3langid.langid import _load_identifier, visit_counts

from newsbeam.transforms.ids import normalised_text
from newsbeam.transforms.pages.language import count_features

_OWN = _load_identifier(norm_probs=True)
_TABLES = (np.frombuffer(_OWN.tk_nextmove, dtype=np.uint32), np.asarray(_OWN._rowbase), np.asarray(_OWN.tk_output))


@given(st.one_of(st.binary(max_size=80), st.text(max_size=80).map(str.encode)))
@settings(max_examples=200, deadline=None)
def test_count_features_is_py3langids_walk(encoded: bytes) -> None:
    expected = visit_counts(_OWN.tk_nextmove, _OWN._rowbase, _OWN.tk_output, encoded) or {}
    assert list(count_features(encoded, *_TABLES).items()) == list(expected.items())


def test_count_features_of_sentences() -> None:
    for text in ("The ministers of both countries met on Monday.", "Die Minister beider Länder trafen sich am Montag."):
        expected = visit_counts(_OWN.tk_nextmove, _OWN._rowbase, _OWN.tk_output, text.encode())
        assert list(count_features(text.encode(), *_TABLES).items()) == list(expected.items())


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_ascii_is_normalised_as_any_text(text: str) -> None:
    ascii_only = text.encode("ascii", "replace").decode()
    # a letter beyond ASCII at the end takes the general way
    assert normalised_text(f"{ascii_only} é") == f"{normalised_text(ascii_only)} é".strip()
