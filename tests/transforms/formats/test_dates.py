from datetime import UTC, date, datetime

import pytest

from newsbeam.transforms.formats.dates import BadDate, read_date
from newsbeam.transforms.instants import moment_of
from tests.transforms.formats.files import TODAY


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2023-01-31", "2023-01-31T00:00:00"),
        ("2023-01-31T10:00:00Z", "2023-01-31T10:00:00"),
        ("2023-01-31T10:00:00.123456789+02:00", "2023-01-31T08:00:00"),
        ("2023-01-31 10:00", "2023-01-31T10:00:00"),
        ("20230131", "2023-01-31T00:00:00"),
        ("20230131T101112Z", "2023-01-31T10:11:12"),
        ("20230131101112", "2023-01-31T10:11:12"),
        (20230131, "2023-01-31T00:00:00"),
        ("Tue, 31 Jan 2023 10:00:00 +0100", "2023-01-31T09:00:00"),
        ("January 31, 2023", "2023-01-31T00:00:00"),
        ("31.01.2023", "2023-01-31T00:00:00"),
        ("31/01/2023", "2023-01-31T00:00:00"),
        ("01/31/2023", "2023-01-31T00:00:00"),
        (1675159200, "2023-01-31T10:00:00"),
        (1675159200.5, "2023-01-31T10:00:00"),
        ("1675159200", "2023-01-31T10:00:00"),
        (1675159200000, "2023-01-31T10:00:00"),
        (1675159200000000, "2023-01-31T10:00:00"),
        (1675159200000000000, "2023-01-31T10:00:00"),
        (date(2023, 1, 31), "2023-01-31T00:00:00"),
        (datetime(2023, 1, 31, 10), "2023-01-31T10:00:00"),
        (datetime(2023, 1, 31, 10, tzinfo=UTC), "2023-01-31T10:00:00"),
        ("1990-01-01", "1990-01-01T00:00:00"),
        ("2024-06-16T23:59:59Z", "2024-06-16T23:59:59"),
    ],
)
def test_a_date_is_read(value: object, expected: str) -> None:
    instant = read_date(value, TODAY)
    assert instant is not None
    assert moment_of(instant).replace(tzinfo=None).isoformat() == expected


@pytest.mark.parametrize("value", [None, "", "  ", False])
def test_no_date_is_none(value: object) -> None:
    assert read_date(value, TODAY) is None


@pytest.mark.parametrize(
    "value",
    [
        *(
            "0000-01-01",
            "9999-12-31",
            "2023-02-30",
            "1989-12-31",
            "2024-06-17",
            "03/04/2023",
            "2023",
            "2023-01",
            "2023-W05",
        ),
        *("yesterday", "31 January", "0", 0, -1, 10**30, float("inf"), float("nan"), [], {"a": 1}, True, "nan"),
    ],
)
def test_what_is_no_day_is_refused(value: object) -> None:
    with pytest.raises(BadDate):
        read_date(value, TODAY)
