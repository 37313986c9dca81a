from collections.abc import Callable

import pytest

from newsbeam.schemas.figure import Figure

Read = Callable[[str], list[Figure]]


@pytest.mark.parametrize(
    ("text", "surface", "value", "effect"),
    [
        ("A woman and her two sons were killed in the fire.", "A woman and her two sons", 3, "killed"),
        ("A man and his daughter were wounded near Tyre.", "A man and his daughter", 2, "injured"),
        ("The blast killed a nurse and an infant.", "a nurse and an infant", 2, "killed"),
        ("Three officers and a driver were abducted.", "Three officers and a driver", 4, "abducted"),
        ("A couple and their baby were found dead.", "A couple and their baby", 3, "killed"),
        ("The man killed his parents and a neighbour.", "his parents and a neighbour", 3, "killed"),
        ("An elderly couple was killed in the crash.", "couple", 2, "killed"),
        ("Jane Roe, 34, and John Doe, 40, were killed.", "Jane Roe, 34, and John Doe", 2, "killed"),
        ("Police arrested Jane Roe and her brother.", "Jane Roe and her brother", 2, "arrested"),
        ("A man and a boy who were wounded are expected to survive.", "A man and a boy", 2, "injured"),
        ("A man, 23, and a woman, 19, were pronounced dead.", "A man, 23, and a woman", 2, "killed"),
        (
            "He killed his wife, their three children and himself.",
            "his wife, their three children and himself",
            5,
            "killed",
        ),
        ("The victims, four men and a woman, were wounded.", "four men and a woman", 5, "injured"),
        ("Two men and three women were killed.", "Two men and three women", 5, "killed"),
        (
            "A 21-year-old male, and a 43-year-old male were killed.",
            "A 21-year-old male, and a 43-year-old male",
            2,
            "killed",
        ),
        ("A mother, a father and one of their sons were all wounded.", "A mother, a father and one", 3, "injured"),
        # some, and others
        (
            "Two nurses were killed and three other people died later.",
            "Two nurses were killed and three other people",
            5,
            "killed",
        ),
        (
            "One man is in critical condition and three others are injured.",
            "One man is in critical condition and three others",
            4,
            "injured",
        ),
        (
            "A man was critically wounded and two others were hurt.",
            "A man was critically wounded and two others",
            3,
            "injured",
        ),
    ],
)
def test_people_told_together(read: Read, text: str, surface: str, value: int, effect: str) -> None:
    figures = [f for f in read(text) if f.kind == "people"]
    assert (figures[0].surface, figures[0].value, figures[0].effect) == (surface, value, effect)
    assert (figures[0].relation, figures[0].unit) == ("total", "person")
    assert all(f.relation == "part" and f.part_of == figures[0].figure_id for f in figures[1:])


@pytest.mark.parametrize(
    "text",
    [
        "A husband and father was killed.",
        "The blast killed a nurse, and the others were wounded.",
        "The blast left a man dead and a trooper injured.",
        "A man or a woman was killed.",
        "Several nurses and a driver were killed.",
        "A man and a woman were elected.",
        "A couple was married in the town.",
        "Smith and Jones beat Brown and Green.",
    ],
)
def test_no_sum_is_stated(read: Read, text: str) -> None:
    assert [f for f in read(text) if f.kind == "people" and f.bound == "eq"] == []


def test_sides_with_a_numeral_for_each_are_not_summed_up(read: Read) -> None:
    assert [f.value for f in read("Two soldiers and three rebels were killed.")] == [2, 3]


def test_those_of_another_deed_are_not_added(read: Read) -> None:
    text = "The bodies of two boys were found near a memorial for two other boys, who were slain in June."
    assert [f.value for f in read(text) if f.kind == "people"] == [2, 2]
    assert [f.value for f in read("Gunmen killed two guards and wounded three others.")] == [2, 3]


def test_a_sum_of_men_and_women_is_told_again(read: Read) -> None:
    figures = read("Two men and three women were killed.\n\nFive people were killed on Monday, the mayor said.")
    assert [(f.value, f.relation) for f in figures] == [(5, "part"), (2, "part"), (3, "part"), (5, "total")]


def test_a_list_told_again_is_a_part_of_the_toll(read: Read) -> None:
    named, toll = read("A woman and her son were killed.\n\nTwo people were killed in the attack on Monday.")
    assert (named.relation, named.part_of, toll.relation) == ("part", toll.figure_id, "total")


@pytest.mark.parametrize(
    "text",
    [
        "Three people were killed, a woman and her two sons.",
        "Three people were killed: a woman and her two sons were found dead.",
        "A woman and her two sons were among three people killed.",
        "Three people — a woman and her two sons — were killed.",
    ],
)
def test_victims_named_after_their_number_are_counted_once(read: Read, text: str) -> None:
    totals = [f.value for f in read(text) if f.relation == "total" and f.effect == "killed"]
    assert totals == [3]


def test_the_age_of_both_counts_nobody(read: Read) -> None:
    toll, age = read("Jane Roe and John Doe, both 34, were killed.")
    assert (toll.value, age.kind, age.value) == (2, "age", 34)
