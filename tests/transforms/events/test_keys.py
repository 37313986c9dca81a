import pytest

from newsbeam.transforms.events.keys import side_of
from tests.transforms.events.reading import code


@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("at least 31 people", "people"),
        ("33 people", "people"),
        ("dozens", "people"),
        ("more than 1,200", "people"),
        ("Dozens of Russian soldiers", "russian soldiers"),
        ("two Russian soldiers", "russian soldiers"),
        ("The 12-year-old boy", "12-year-old boy"),
        ("Taliban", "taliban"),
        ("The Hague", "hague"),
        ("Four", "people"),
    ],
)
def test_a_side_is_named_without_its_number(name: str, side: str) -> None:
    assert side_of(name) == side


def test_articles_that_count_the_dead_differently_tell_one_event() -> None:
    one, other = (code(f"Gunmen killed {number} people in Kano on Monday.")[0][0] for number in ("at least nine", "11"))
    assert one.event_key == other.event_key
    assert one.event_id != other.event_id
