from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbeam.transforms.times.resolver import resolve

WEDNESDAY = date(2020, 1, 15)
CASES = [
    ("Sunday", "past", "2020-01-12", None),
    ("Wednesday", "past", "2020-01-15", None),
    ("on Wednesday night", "past", "2020-01-15", None),
    ("last Wednesday", "past", "2020-01-08", None),
    ("late on Sunday", "past", "2020-01-12", None),
    ("Friday", "future", "2020-01-17", None),
    ("next Friday", "past", "2020-01-24", None),
    ("Sunday last week", "past", "2020-01-12", None),
    ("two days ago", "past", "2020-01-13", None),
    ("a week earlier", "past", "2020-01-08", None),
    ("last month", "past", "2019-12-01", "2019-12-31"),
    ("since the beginning of the year", "past", "2020-01-01", "2020-01-15"),
    ("since Monday", "past", "2020-01-13", "2020-01-15"),
    ("between 3 and 5 January", "past", "2020-01-03", "2020-01-05"),
    ("from December 30 to January 2", "past", "2019-12-30", "2020-01-02"),
    ("March", "past", "2019-03-01", "2019-03-31"),
    ("March", "future", "2020-03-01", "2020-03-31"),
    ("mid-March", "past", "2019-03-15", None),
    ("in 2018", "past", "2018-01-01", "2018-12-31"),
    ("2015-17", "past", "2015-01-01", "2017-12-31"),
    ("the 20th", "past", "2019-12-20", None),
    ("the 20th", "future", "2020-01-20", None),
    ("29 February", "past", None, None),
    ("12/31/2019", "past", "2019-12-31", None),
    ("03/04/2019", "past", None, None),
    ("in three days", "future", "2020-01-18", None),
    ("over the past two weeks", "past", "2020-01-01", "2020-01-15"),
    ("last weekend", "past", "2020-01-11", "2020-01-12"),
    ("the first quarter of 2019", "past", "2019-01-01", "2019-03-31"),
    ("the day before yesterday", "past", "2020-01-13", None),
    ("earlier this month", "past", "2020-01-01", "2020-01-15"),
    ("the night of January 3", "past", "2020-01-03", None),
    ("noon Tuesday", "past", "2020-01-14", None),
    ("two Sundays ago", "past", "2020-01-05", None),
    ("the first week of January", "past", "2020-01-01", "2020-01-07"),
    ("the last day of November", "past", "2019-11-30", None),
    ("the week of January 8", "past", "2020-01-06", "2020-01-12"),
    ("the past 24 hours", "past", "2020-01-14", "2020-01-15"),
    ("half a year ago", "past", "2019-07-15", None),
    ("early in the year", "past", "2020-01-01", None),
    ("January 20", "present", "2020-01-20", None),
    ("a few days ago", "past", None, None),
    ("Easter", "past", None, None),
    ("that evening", "past", None, None),
    ("for two years", "past", None, None),
]


@pytest.mark.parametrize(("expression", "tense", "start", "end"), CASES)
def test_an_expression_resolves_to_days(expression, tense, start, end):
    when = resolve(expression, WEDNESDAY, tense=tense)
    assert (when.start and when.start.isoformat(), when.end and when.end.isoformat()) == (start, end)
    assert (when.type == "unresolved") == (start is None)
    assert when.text == expression


def test_every_day_resolves_to_itself_however_written():
    for day in (date(2019, 2, 28), date(2016, 2, 29), date(2020, 1, 15), date(2000, 12, 31)):
        for form in ("%d %B %Y", "%B %d, %Y", "%A, %d %b %Y", "%Y-%m-%d", "%b. %d, %Y"):
            assert resolve(day.strftime(form), WEDNESDAY).start == day


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.sampled_from(["past", "future"]))
def test_a_weekday_lies_within_a_week_on_the_side_of_its_tense(published, tense):
    for name in ("Monday", "Thursday", "Sunday"):
        when = resolve(name, published, tense=tense)
        assert when.start is not None and when.start.strftime("%A") == name
        distance = (when.start - published).days
        assert 0 <= (distance if tense == "future" else -distance) <= 6


@given(st.text(max_size=40), st.dates(date(1950, 1, 1), date(2090, 1, 1)))
def test_no_text_breaks_the_resolver(text, published):
    when = resolve(text, published)
    assert (when.start is None) == (when.type == "unresolved")
    assert when.end is None or (when.start is not None and when.end >= when.start)
