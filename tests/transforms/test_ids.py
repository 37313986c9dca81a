"""Ids: the same for the same thing, another for another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbeam.transforms.ids import article_id_of, digest, normalised_text, text_hash


def test_parts_are_told_apart() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("a", None) == digest("a", "")
    assert len(digest("a")) == 32 and len(digest("a", hex_digits=16)) == 16


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("  Ten PEOPLE,\n\n were killed. ", "ten people were killed"),
        ("ﬁve_dead — again", "five dead again"),
        ("٣٥ شخصا", "٣٥ شخصا"),
        ("...", ""),
    ],
)
def test_normal_form(text: str, normal: str) -> None:
    assert normalised_text(text) == normal


@given(st.text())
def test_normal_form_is_idempotent(text: str) -> None:
    once = normalised_text(text)
    assert normalised_text(once) == once


def test_an_article_is_its_address_else_its_entry_else_its_text() -> None:
    by_url = article_id_of("https://a.example/1", "feed", "7", "text")
    assert by_url == article_id_of("https://a.example/1", "other", "8", "other text")
    by_entry = article_id_of(None, "feed", "7", "text")
    assert by_entry == article_id_of(None, "feed", "7", "other text") != article_id_of(None, "feed2", "7", "text")
    by_text = article_id_of(None, "feed", None, "Some text.")
    assert by_text == article_id_of(None, None, "7", "some TEXT")
    assert len({by_url, by_entry, by_text}) == 3


def test_text_hash_ignores_case_and_punctuation_only() -> None:
    assert text_hash("Ten people.") == text_hash("ten  people")
    assert text_hash("Ten people.") != text_hash("Eleven people.")
