"""Dates of feeds: each expected value was worked out by hand."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbeam.transforms.feeds.dates import has_time, read_instant, read_moment
from newsbeam.transforms.instants import moment_of


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2024-03-05T14:07:09Z", "2024-03-05T14:07:09"),
        ("2024-03-05T14:07:09+02:00", "2024-03-05T12:07:09"),
        ("2024-03-05T14:07:09-0530", "2024-03-05T19:37:09"),
        ("2024-03-05T14:07:09.123456+01:00", "2024-03-05T13:07:09.123456"),
        ("2024-03-05T14:07", "2024-03-05T14:07:00"),
        ("2024-03-05 14:07:09", "2024-03-05T14:07:09"),
        ("2024-03-05 14:07:09 +0200", "2024-03-05T12:07:09"),
        ("2024-03-05", "2024-03-05T00:00:00"),
        ("20240305T140709Z", "2024-03-05T14:07:09"),
        ("20240305", "2024-03-05T00:00:00"),
        ("2024-03", "2024-03-01T00:00:00"),
        ("2024-W10-2", "2024-03-05T00:00:00"),
        ("2024-065", "2024-03-05T00:00:00"),
        ("2024-03-05T24:00:00Z", "2024-03-06T00:00:00"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59"),
        ("Tue, 05 Mar 2024 14:07:09 GMT", "2024-03-05T14:07:09"),
        ("Tue, 5 Mar 2024 14:07 EST", "2024-03-05T19:07:00"),
        ("Tue, 05 Mar 2024 14:07:09 +02:00", "2024-03-05T12:07:09"),
        ("Tue, 05 Mar 2024 14:07:09 +0200 (EET)", "2024-03-05T12:07:09"),
        ("Mon, 05 Mar 2024 14:07:09 CEST", "2024-03-05T12:07:09"),  # wrong day of the week
        ("05 Mar 24 14:07:09 Z", "2024-03-05T14:07:09"),
        ("05 Mar 99 14:07:09 Z", "1999-03-05T14:07:09"),
        ("5 Sept 2023", "2023-09-05T00:00:00"),
        ("Sept 5, 2023", "2023-09-05T00:00:00"),
        ("September 5th, 2023 at 2:30 pm", "2023-09-05T14:30:00"),
        ("Sep 05 14:33:07 2023", "2023-09-05T14:33:07"),
        ("12:15 AM, 5 Sep 2023", "2023-09-05T00:15:00"),
        ("mar, 5 marzo 2024 14:07:09 +0100", "2024-03-05T13:07:09"),
        ("5 de marzo de 2024", "2024-03-05T00:00:00"),
        ("Di, 05 März 2024 14:07:09 +0100", "2024-03-05T13:07:09"),
        ("5 мая 2023 14:00", "2023-05-05T14:00:00"),
        ("2024年3月5日 14:07", "2024-03-05T14:07:00"),
        ("31.01.2023", "2023-01-31T00:00:00"),
        ("01/31/2023 10:00", "2023-01-31T10:00:00"),
        ("1709647629", "2024-03-05T14:07:09"),
        ("1709647629000", "2024-03-05T14:07:09"),
        ("9999-12-31T00:00:00Z", "9999-12-31T00:00:00"),  # a date; the caller knows the clock
    ],
)
def test_reads_dates(raw: str, expected: str) -> None:
    assert read_moment(raw) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        None, "", "   ", "yesterday", "0000-00-00", "0000-00-00T00:00:00Z", "2024-02-30",
        "Fri, 30 Feb 2024 10:00:00 GMT",
        "Sun, 32 Mar 2024 10:00:00 GMT", "2024-13-01", "2024-03-05T25:00:00Z", "2024-03-05T10:61:00Z", "03/04/2023",
        "2023-366", "5", "Mon", "9" * 400, "2024-03-05T10:00:00+99:00",
    ],
)  # fmt: skip
def test_refuses_what_is_no_date(raw: str | None) -> None:
    assert read_instant(raw) is None


def test_instants_are_whole_seconds() -> None:
    assert read_instant("2024-03-05T14:07:09.999Z") == 1_709_647_629_000_000


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2099, 12, 31)))
def test_reads_what_it_would_write(moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC, microsecond=0)
    instant = read_instant(aware.isoformat())
    assert instant is not None and moment_of(instant) == aware
    assert read_instant(aware.strftime("%a, %d %b %Y %H:%M:%S +0000")) == instant


@given(st.text(max_size=60))
def test_never_raises(raw: str) -> None:
    read_instant(raw)


@pytest.mark.parametrize(
    ("raw", "expected"), [("2024-03-05", False), ("2024-03-05T10:00", True), ("5 Mar 2024 10:00", True), (None, False)]
)
def test_knows_whether_a_time_is_said(raw: str | None, expected: bool) -> None:
    assert has_time(raw) is expected
