"""What happened to people whom a clause tells in ways of its own: blamed on somebody, beside others, left open."""

from collections.abc import Callable

import pytest

from newsbeam.schemas.figure import Figure

Read = Callable[[str], list[Figure]]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Police named the five relatives he is accused of killing.", [(5, "killed")]),
        ("Prosecutors described the three women he is charged with murdering.", [(3, "killed")]),
        ("Maria Lopez, along with her two sons, was killed in the crash.", [(2, "killed")]),
        ("Among the seven wounded were two policemen.", [(7, "injured"), (2, "injured")]),
        ("Two policemen were among the wounded.", [(2, "injured")]),
        ("Three ministers were among the guests.", [(3, None)]),
        ("The clash left a toll of nine dead, including two civilians.", [(9, "killed"), (2, "killed")]),
        ("THE REBELS KILLED THREE SOLDIERS AND WOUNDED SEVEN OTHERS.", [(3, "killed"), (7, "injured")]),
        ("At least 40 people were killed or injured in the blast.", [(40, "casualties")]),
        ("Nine drivers have killed or injured themselves.", [(9, "casualties")]),
        ("Nine people were killed or fled.", [(9, "killed")]),
        ("Two were killed and five injured.", [(2, "killed"), (5, "injured")]),
        ("The town was the site of three fatal shootings last spring.", [(3, None)]),
    ],
)
def test_what_happened_is_told_by_the_clause(read: Read, text: str, told: list[tuple[float, str | None]]) -> None:
    assert [(figure.value, figure.effect) for figure in read(text)] == told


def test_fatal_shootings_count_no_people(read: Read) -> None:
    (figure,) = read("The town was the site of three fatal shootings last spring.")
    assert figure.kind == "count"


def test_a_name_that_says_who_a_relative_is_counts_nobody_twice(read: Read) -> None:
    figures = read("Roe’s mother, 71-year-old Jane Cole, and his former wife, Mary Ray, were killed.")
    assert all(figure.value == 2 for figure in figures if figure.effect == "killed")
