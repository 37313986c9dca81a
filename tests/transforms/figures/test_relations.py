from collections.abc import Callable

import pytest

from newsbeam.schemas.figure import Figure

Read = Callable[[str], list[Figure]]


def test_a_toll_told_twice_is_counted_once(read: Read) -> None:
    figures = read(
        "Nine miners killed in blast\n\nNine people were killed in the blast on Monday. The mine has closed. "
        "The nine miners died underground, the company said."
    )
    totals = [f for f in figures if f.relation == "total"]
    assert [f.sentence for f in totals] == ["Nine people were killed in the blast on Monday."]
    assert {f.part_of for f in figures if f.relation == "part"} == {totals[0].figure_id}


def test_other_days_are_other_tolls(read: Read) -> None:
    figures = read("Four people were killed in Tyre on Monday. Four people were killed in Homs on 3 January.")
    assert [f.relation for f in figures] == ["total", "total"]


@pytest.mark.parametrize(
    ("text", "relations"),
    [
        ("Six people were killed, including two children.", ["total", "part"]),
        ("Six people were killed. Two of them were children.", ["total", "part"]),
        ("The death toll rose to 35 from 33.", ["total", "previous"]),
        ("The death toll rose from 33 to 35.", ["previous", "total"]),
        ("Six people were killed on Monday. Five more people were killed on Tuesday.", ["total", "increment"]),
        ("Two officers were hurt in the clash on Monday. Both were shot.", ["total", "part"]),
        ("Half of the 40 hostages were freed.", ["part", "total"]),
        ("A child was among four people killed.", ["total"]),
        ("Four men were hurt. One is in hospital, and the other three were hurt slightly.", ["total", "total", "part"]),
    ],
)
def test_relations(read: Read, text: str, relations: list[str]) -> None:
    assert [f.relation for f in read(text)] == relations


def test_parts_know_their_total(read: Read) -> None:
    whole, part = read("Six people were killed, including two children.")
    assert part.part_of == whole.figure_id
    assert (whole.effect, part.effect) == ("killed", "killed")
    assert whole.groups == ["child"]


def test_half_of_a_number_is_a_part_of_it(read: Read) -> None:
    half, whole = read("Half of the 40 hostages were freed.")
    assert (half.value, half.effect, half.part_of) == (20, "released", whole.figure_id)
    assert (whole.value, whole.effect) == (40, "abducted")


def test_a_conversion_is_no_second_amount(read: Read) -> None:
    euros, dollars = read("The bridge cost 20 million euros ($22 million).")
    assert (euros.currency, dollars.currency) == ("EUR", "USD")
    assert (dollars.relation, dollars.part_of) == ("part", euros.figure_id)
