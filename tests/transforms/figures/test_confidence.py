import pytest

from newsbeam.transforms.figures.confidence import confidence_of
from newsbeam.transforms.figures.lexicon import rows_of


def test_more_evidence_is_surer() -> None:
    for kind in ("people", "count", "percent", "measure", "temperature", "money", "ratio"):
        assert confidence_of(kind, "eq", has_noun=True) > confidence_of(kind, "eq", has_noun=False)
    assert confidence_of("people", "eq", has_noun=True, has_effect=True) == 0.97
    # what a time is said of, if of anything, is a guess
    assert confidence_of("duration", "eq", has_noun=True) < confidence_of("measure", "eq", has_noun=True)


@pytest.mark.parametrize("bound", ["range", "vague"])
def test_intervals_are_less_sure(bound: str) -> None:
    assert confidence_of("count", bound, has_noun=True) == 0.73  # 0.92 * 0.79


def test_every_chance_is_one() -> None:
    assert all(0 < float(chance) < 1 for _, _, chance in rows_of("confidence.tsv"))
    assert 0 < confidence_of("volume", "eq", has_noun=False) < 1
