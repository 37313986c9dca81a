from collections.abc import Callable

import pytest

from newsbeam.schemas.figure import Figure

Read = Callable[[str], list[Figure]]


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("Five, possibly six, people were killed.", "Five, possibly six"),
        ("Five or possibly six people were killed.", "Five or possibly six"),
        ("Five or even six people were killed.", "Five or even six"),
        ("Five, perhaps six, were killed.", "Five, perhaps six"),
        ("Five people, possibly six, were killed.", "Five people, possibly six"),
        ("Between five and six people were killed.", "Between five and six"),
    ],
)
def test_alternatives_are_one_figure(read: Read, text: str, surface: str) -> None:
    (figure,) = read(text)
    assert (figure.surface, figure.effect, figure.relation) == (surface, "killed", "total")
    assert (figure.value, figure.value_low, figure.value_high, figure.bound) == (None, 5, 6, "range")


def test_other_people_are_no_alternative(read: Read) -> None:
    assert [f.value for f in read("Five people were killed, perhaps two of them by police.")] == [5, 2]
    assert [f.value for f in read("The fire killed five, and perhaps six wounded fled.")] == [5, 6]


def test_the_dead_are_not_the_others_injured(read: Read) -> None:
    (figure,) = read("A shooting left two dead and multiple others injured.")
    assert (figure.value, figure.effect, figure.noun) == (2, "killed", None)


def test_those_wanted_for_a_shooting_are_not_its_victims(read: Read) -> None:
    wanted, dead = read(
        "Police are searching for two men wanted in connection with a shooting in the port "
        "that left one man dead and a state trooper injured."
    )
    assert (wanted.value, wanted.effect, dead.effect) == (2, None, "killed")


def test_as_many_as_leaves_the_least_open(read: Read) -> None:
    (figure,) = read("Up to 25 people were killed.")
    assert (figure.value, figure.value_low, figure.value_high, figure.bound) == (25, None, 25, "max")
