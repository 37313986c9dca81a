"""Words, figures, titles and payloads of texts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbeam.transforms.deduplication.figures import figure_spans, numeric_sentences
from newsbeam.transforms.deduplication.payloads import pack, unpack
from newsbeam.transforms.deduplication.shingles import MAX_WORDS, shingle_hashes, words_of
from newsbeam.transforms.deduplication.signatures import BANDS, band_keys, from_bytes, to_bytes
from newsbeam.transforms.deduplication.titles import CORRECTION, UPDATE, read_title


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The river rose.", "the RIVER, rose"),
        ("The mayor\u2019s \ufb01rst day", "the mayor s first day"),
        ("\uff21\uff22\uff23 said so", "abc said so"),
    ],
)
def test_words_are_folded(a: str, b: str) -> None:
    assert words_of(a).codes.tolist() == words_of(b).codes.tolist()


def test_lengths() -> None:
    assert words_of("").length == 0
    assert words_of("one two\nthree").length == 3
    japanese = words_of("市長は月曜日に新しい橋を開いた。")
    assert (japanese.is_unspaced, japanese.length) == (True, 7)
    assert len(shingle_hashes(japanese)) == 15 - 5 + 1
    assert words_of("word " * 30_000).length == MAX_WORDS
    assert len(shingle_hashes(words_of("two words"))) == 1
    assert len(set(shingle_hashes(words_of("the same again " * 50_000)).tolist())) == 3


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("It fell from 1.2 billion to 1,200 on 3 May.", ["1.2", "1.2", "3", "May"]),
        ("Twenty-five boats and one and a half million eggs", ["25", "1.5"]),
        ("$1.5bn, 3-1/2 percent, 450 million or 450", ["1.5", "3.5", "450", "450"]),
        ("The yield is 6 1/4 percent in March or on Tuesday", ["6.25", "Mar", "Tue"]),
        ("They may march on, someone said; no number", []),
        ("scanned l986 and 4O boats", []),
        ("", []),
    ],
)
def test_figures(text: str, keys: list[str]) -> None:
    assert [key for _, _, key in figure_spans(text)] == keys


def test_numeric_sentences() -> None:
    found = numeric_sentences("A flood hit Lindby. Two men and 2 dogs drowned!\nNo more came")
    assert found == [(frozenset({"men", "and", "dogs", "drowned"}), frozenset({"2 0", "2 1"}))]


@pytest.mark.parametrize(
    ("title", "marks", "number"),
    [
        ("UPDATE 2-Flood hits Lindby hard", UPDATE, 2),
        ("Report: Update 1 - Flood hits Lindby hard", UPDATE, 1),
        ("CORRECTED-UPDATE 1-Flood hits Lindby hard", CORRECTION + UPDATE, 1),
        ("Flood hits Lindby hard (Corrected)", CORRECTION, 0),
        ("RPT-Flood hits Lindby hard", 0, 0),
        ("Flood hits Lindby hard", 0, 0),
    ],
)
def test_titles(title: str, marks: int, number: int) -> None:
    assert read_title(title) == (marks, number, read_title("Flood hits Lindby hard").key)


@pytest.mark.parametrize("title", ["Corrections officer hurt in Lindby", "Updates follow", "Video", "", None])
def test_titles_without_marks(title: str | None) -> None:
    assert read_title(title)[:2] == (0, 0)
    assert (read_title(title).key == 0) == (len((title or "").split()) < 3)


@settings(deadline=None)  # other processes share the machine
@given(st.text(max_size=300), st.text(max_size=60), st.none() | st.text(max_size=9))
def test_payloads_survive_any_text(text: str, title: str, source: str | None) -> None:
    words = words_of(text)
    shingles = shingle_hashes(words)
    payload = unpack(pack(title, text, source, words.length, shingles))
    assert payload.word_count == words.length
    assert len(payload.shingles) <= min(len(shingles), 224)
    assert set(payload.shingles.tolist()) <= set((shingles >> 48).tolist())
    assert sorted(payload.shingles.tolist()) == payload.ordered.tolist()
    assert len(from_bytes(to_bytes(band_keys(shingles)))) == (BANDS if len(shingles) else 0)


def test_what_is_kept_stays_small() -> None:
    line = "Officials of the district of Lindby counted {} houses near the old harbour.\n"
    text = "".join(line.format(n) for n in range(900))
    words = words_of(text)
    shingles = shingle_hashes(words)
    assert len(pack("Count", text, "paper.test", words.length, shingles)) + 8 * len(band_keys(shingles)) <= 1_500
