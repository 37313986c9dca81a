"""Ages, and whose they are."""

from collections.abc import Callable

import pytest

from newsbeam.schemas.figure import Figure

Read = Callable[[str], list[Figure]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The business tycoon, 70, stunned the town.", [(70, "tycoon")]),
        ("The incident follows the shooting of 3-year-old Denise Gomez.", [(3, "gomez")]),
        ("The 16 and 17-year-old are charged with theft.", [(16, None), (17, None)]),
        ("Guards noticed the 14-year-old near the gate.", [(14, None)]),
        ("They sell guns to 15-year-olds.", [(15, None)]),
        ("The 2-year-old's wound was deep.", [(2, None)]),
        ("The 19-year-old’s death was confirmed.", [(19, None)]),
        ("A 12-year-old boy was found.", [(12, "boy")]),
        ("Musa Bello, eight, was found.", [(8, "bello")]),
    ],
)
def test_ages_and_whose_they_are(read: Read, text: str, expected: list[tuple[float, str | None]]) -> None:
    figures = read(text)
    assert [(figure.value, figure.noun) for figure in figures] == expected
    assert {figure.kind for figure in figures} == {"age"}


def test_an_age_after_a_noun_is_no_part_of_its_phrase(read: Read) -> None:
    (count, *_) = read("Four men who were hit, one 29 years old, went home.")
    assert (count.kind, count.value) == ("people", 4)
    assert "29" not in (count.noun_phrase or "")


def test_years_ago_are_of_nothing(read: Read) -> None:
    (years,) = read("Three years ago, the mayor found a cave.")
    assert (years.kind, years.noun) == ("duration", None)


def test_hyphens_that_do_not_break_are_hyphens(read: Read) -> None:
    (age,) = read("The 19‑year‑old man died.")
    assert (age.kind, age.value, age.effect) == ("age", 19, None)


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        # the one who is so old, and nobody joined to them
        ("Omar Freed, 18, and Tabea Cross, 20, of Leeds, were hurt.", [(18, "Omar Freed"), (20, "Tabea Cross")]),
        ("Her mother, 22-year-old Lena Stark, was charged.", [(22, "Lena Stark")]),
        ("A 15-year-old Danville boy was hurt.", [(15, "Danville boy")]),
        ("The club let go of players over the age of 21.", [(21, "players")]),
        # told by a verb
        ("The office said that Ana Cruz was 37 and Luis Cruz was 6.", [(37, "Ana Cruz"), (6, "Luis Cruz")]),
        ("Josh Ames, who turns 18 in May, played.", [(18, "Josh Ames")]),
        ("She turned 40 on Monday.", [(40, None)]),
        ("Jeffries, 17, is a student.", [(17, "Jeffries")]),
        ("Anna Bennett, now 30, of Leeds, was calm.", [(30, "Anna Bennett")]),
        ("A 42-year-old clerk and a 41-year-old driver were hurt.", [(42, "clerk"), (41, "driver")]),
        ("Two 17- and 18-year-old boys ran.", [(17, "boys"), (18, "boys")]),
        ("She was 34 when she died.", [(34, None)]),
        ("Life expectancy there is around 71 meaning some die early.", [(71, "Life expectancy")]),
        ("Carter was 13 and 6 as a pitcher.", []),
        ("Temperatures were 31 and rising.", []),
    ],
)
def test_ages_are_of_somebody(read: Read, text: str, ages: list[tuple[float, str | None]]) -> None:
    assert [(f.value, f.noun_phrase) for f in read(text) if f.kind == "age"] == ages


def test_ages_between_two_are_a_range(read: Read) -> None:
    (figure,) = read("He shouted at boys between the ages of 14 and 17.")
    assert (figure.kind, figure.value_low, figure.value_high, figure.noun_phrase) == ("age", 14, 17, "boys")


@pytest.mark.parametrize("text", ["He shouted at four men, ages 19-23.", "It is for boys aged 19 to 23."])
def test_ages_with_a_dash_are_a_range(read: Read, text: str) -> None:
    figure = read(text)[-1]
    assert (figure.kind, figure.value_low, figure.value_high) == ("age", 19, 23)
