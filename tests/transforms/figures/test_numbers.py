import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbeam.transforms.figures.numbers import NOISE, Number, read_numbers


def only(text: str) -> Number:
    (number,) = read_numbers(text)
    return number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("35", 35),
        ("٣٥", 35),
        ("1,234,567", 1_234_567),
        ("1.000.000", 1_000_000),
        ("12,34,567 voters", 1_234_567),
        (".5", 0.5),
        ("3½", 3.5),
        ("10 1/2", 10.5),
        ("3/4", 0.75),
        ("4 hundred", 400),
        ("two dozen", 24),
        ("a dozen", 12),
        ("a hundred", 100),
        ("one hundred and five", 105),
        ("twenty-one", 21),
        ("three hundred thousand", 300_000),
        ("two and a half million", 2_500_000),
        ("half a million", 500_000),
        ("a quarter of a million", 250_000),
        ("1.5 million", 1_500_000),
        ("35m of its phones", 35_000_000),
        ("20k", 20_000),
        ("2.1×10^3", 2100),
        ("two-thirds", 2 / 3),
        ("one in five", 0.2),
        ("three out of 10", 0.3),
        ("zero", 0),
        ("minus five", -5),
    ],
)
def test_numerals_have_the_value_of_their_words(text: str, value: float) -> None:
    assert only(text).value == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "low", "high", "bound"),
    [
        ("between 20 and 30", 20, 30, "range"),
        ("between 30 and 20", 20, 30, "range"),
        ("20-30 people", 20, 30, "range"),
        ("0-to-60 mph", 0, 60, "range"),
        ("20,000–30,000", 20_000, 30_000, "range"),
        ("two or three", 2, 3, "range"),
        ("two to three million", 2_000_000, 3_000_000, "range"),
        ("$89 to $93 billion", 89e9, 93e9, "range"),
        ("dozens", 24, 99, "vague"),
        ("scores of", 40, 199, "vague"),
        ("several", 3, 9, "vague"),
        ("hundreds", 100, 1000, "vague"),
        ("thousands", 1000, 10_000, "vague"),
        ("tens of thousands", 10_000, 100_000, "vague"),
        ("hundreds of thousands", 100_000, 1_000_000, "vague"),
        ("several hundred", 300, 999, "vague"),
    ],
)
def test_intervals_have_no_point(text: str, low: float, high: float, bound: str) -> None:
    number = only(text)
    assert (number.value, number.low, number.high, number.bound) == (None, low, high, bound)


@pytest.mark.parametrize(
    ("text", "bound", "low", "high"),
    [
        ("at least 35", "min", 35, None),
        ("more than $30", "min", 30, None),
        ("up to 60", "max", None, 60),
        ("fewer than 20 minutes", "max", None, 20),
        ("about 50", "approx", 50, 50),
        ("50 or so", "approx", 50, 50),
        ("50 or more", "min", 50, None),
        ("exactly 13", "eq", 13, 13),
    ],
)
def test_bounds_open_one_side(text: str, bound: str, low: float | None, high: float | None) -> None:
    number = only(text)
    assert (number.bound, number.low, number.high) == (bound, low, high)
    assert text.startswith(text[number.start : number.end])


@pytest.mark.parametrize(
    ("text", "kind", "unit", "currency", "value"),
    [
        ("$1.5bn", "money", "dollar", None, 1.5e9),
        ("US$3", "money", "dollar", "USD", 3),
        ("3.5m euros", "money", "euro", "EUR", 3.5e6),
        ("£10m", "money", "pound", None, 10e6),
        ("75 million Canadian dollars", "money", "dollar", "CAD", 75e6),
        ("63 cents", "money", "cent", None, 63),
        ("12%", "percent", "percent", None, 12),
        ("12 per cent", "percent", "percent", None, 12),
        ("60 basis points", "ratio", "basis point", None, 60),
        ("5-mile", "measure", "mile", None, 5),
        ("14m", "measure", "metre", None, 14),
        ("50mph", "measure", "mile per hour", None, 50),
        ("200lbs", "measure", "pound-mass", None, 200),
        ("20 degrees Celsius", "temperature", "degree celsius", None, 20),
        ("-5°C", "temperature", "degree celsius", None, -5),
        ("six-year", "duration", "year", None, 6),
        ("12-year-old", "age", "year of age", None, 12),
        ("18 months of age", "age", "month of age", None, 18),
    ],
)
def test_money_and_units_are_read(text: str, kind: str, unit: str, currency: str | None, value: float) -> None:
    number = only(text)
    assert (number.kind, number.unit, number.currency) == (kind, unit, currency)
    assert number.value == pytest.approx(value)
    assert text[number.start : number.end] == text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("on 3 May", "date"),
        ("on Jan. 16", "date"),
        ("in 2019", "date"),
        ("the 1990s", "date"),
        ("12/05/2023", "date"),
        ("at 8:30 p.m.", "time"),
        ("at 5pm", "time"),
        ("the 3200 block", "address"),
        ("at 12 Main Street", "address"),
        ("they won 2-1", "score"),
        ("a 5-to-4 vote", "score"),
        ("on Planet 9", "name"),
        ("COVID-19", "name"),
        ("an F-16", "name"),
        ("the 5G net", "name"),
        ("Route 66", "name"),
        ("Article 5", "name"),
        ("the 4th man", "ordinal"),
        ("1. First", "marker"),
    ],
)
def test_what_counts_nothing_is_marked(text: str, kind: str) -> None:
    assert kind in NOISE
    assert {number.kind for number in read_numbers(text)} == {kind}


@pytest.mark.parametrize("text", ["", "1,2,3,4", "1/0", "9" * 400, "10.0.0.1", "no one", "second half", "a few days"])
def test_what_is_no_number_gives_none(text: str) -> None:
    assert read_numbers(text) == []


def test_a_change_keeps_both_its_ends() -> None:
    first, second = read_numbers("rose from 33 to 35")
    assert (first.value, first.moved, second.value, second.moved) == (33, True, 35, False)


@given(st.integers(0, 10**12), st.sampled_from([",", ""]))
def test_digits_read_back(number: int, separator: str) -> None:
    text = f"some cost ${number:{separator}}" if separator else f"some cost ${number}"
    assert only(text).value == number


@given(st.text(alphabet="0123456789.,-–/ ()%$€mbnkoetwhundrd\n'", max_size=60))
def test_any_text_gives_ordered_spans_inside_it(text: str) -> None:
    last = 0
    for number in read_numbers(text):
        assert 0 <= number.start <= number.core_start < number.core_end <= number.end <= len(text)
        assert number.core_start >= last
        last = number.core_end
        assert number.low is None or number.high is None or number.low <= number.high
