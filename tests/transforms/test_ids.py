"""Ids: the same for the same thing, another for another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbeam.transforms.ids import article_id_of, digest, fact_id, is_named_by_address, normalised_text, text_hash


def test_parts_are_told_apart() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("a", None) == digest("a", "")
    assert len(digest("a")) == 32 and len(digest("a", hex_digits=16)) == 16


def test_ids_of_facts_say_their_article_last() -> None:
    article = digest("url", "https://paper.example/1")
    facts = [fact_id(article, "event", n) for n in range(100)]
    assert len(set(facts)) == 100 and {len(fact) for fact in facts} == {20}
    assert {fact[12:] for fact in facts} == {article[:8]}
    assert len({fact[:12] for fact in facts}) == 100
    assert fact_id(digest("url", "https://paper.example/2"), "event", 1)[:12] != facts[1][:12]


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


def test_a_record_is_its_address_and_its_id() -> None:
    url = "https://a.example/1"
    first = article_id_of(url, "wire.json", "7", "text", is_record=True)
    assert first == article_id_of(url, "other.json", "7", "other text", is_record=True)
    assert len({first, article_id_of(url, "", "8", "", is_record=True), article_id_of(url, "", None, "")}) == 3
    assert article_id_of(url, "", None, "", is_record=True) == article_id_of(url, "feed", "7", "")
    assert article_id_of(None, "f", "7", "", is_record=True) == article_id_of(None, "f", "7", "")


def test_which_ids_have_the_address_in_them() -> None:
    url = "https://a.example/1"
    for article_id in (article_id_of(url, "", "7", ""), article_id_of(url, "", "7", "", is_record=True)):
        assert is_named_by_address(article_id, url, "7")
    assert not is_named_by_address(article_id_of(None, "feed", "7", ""), url, "7")
    assert not is_named_by_address(article_id_of(None, "feed", "7", ""), None, "7")


def test_text_hash_ignores_case_and_punctuation_only() -> None:
    assert text_hash("Ten people.") == text_hash("ten  people")
    assert text_hash("Ten people.") != text_hash("Eleven people.")
