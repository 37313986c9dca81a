"""What a number counts or measures in: its unit, and how many times as much."""

from collections.abc import Callable

import pytest

from newsbeam.schemas.figure import Figure

Read = Callable[[str], list[Figure]]


@pytest.mark.parametrize(
    ("text", "kind", "unit"),
    [
        # the counted noun, in the singular, without the words that only bound the number
        ("He visited two Northern Counties.", "count", "northern county"),
        ("They drove off two would-be robbers.", "people", "would-be robber"),
        ("The camps hold a million or more refugees.", "people", "refugee"),
        ("Two of those are police cars.", "count", None),
        ("The Rovers won five of six.", "count", None),
        ("He read 650 new e-mails.", "count", "new e-mail"),
        # measures
        ("The boot holds 21 cu.ft. of luggage.", "measure", "cubic foot"),
        ("The fan makes 43 dBa.", "measure", "decibel"),
        ("Write “Plan 103” on it.", "count", None),
        ("The car does 16 kilometres per litre.", "measure", "kilometre per litre"),
        ("The van needs 9 l/100km.", "measure", "litre per 100 kilometres"),
        ("The tent is of 70-denier fabric.", "measure", "denier"),
        # 40m is a length before one thing, a number before many
        ("The boy fell down the 40m dry shaft.", "measure", "metre"),
        ("He swam a 200m medley.", "measure", "metre"),
        ("It employs 2m extra staff.", "people", "extra staff"),
        ("The app has 40m users.", "people", "user"),
        ("Sales rose to 40m digital and physical copies.", "count", "digital and physical copy"),
        # how many times as much, and how often
        ("The ship was three times the size of a tanker.", "ratio", "time"),
        ("Exports were nearly 12 times that amount.", "ratio", "time"),
        ("Prices rose four times faster than wages.", "ratio", "time"),
        ("You need 25 to 30 times your yearly costs.", "ratio", "time"),
        ("He called three times that day.", "count", "time"),
        ("They train three times a week.", "count", "time per week"),
        # people whom no noun names
        ("He grew up in a town of 900.", "people", "person"),
        ("She sang for a crowd of about 500.", "people", "person"),
        ("They are among nearly 4,500 who use the bus every day.", "people", "person"),
    ],
)
def test_units(read: Read, text: str, kind: str, unit: str | None) -> None:
    figure = read(text)[0]
    assert (figure.kind, figure.unit) == (kind, unit)


def test_a_multiple_is_of_what_is_multiplied(read: Read) -> None:
    (figure,) = read("The ship was three times the size of a tanker.")
    assert (figure.value, figure.noun_phrase) == (3, "size of a tanker")


def test_a_settlement_is_apart_from_the_distance_behind_it(read: Read) -> None:
    first, second = read("Hill End, a town of 1,400 about 90 miles south of the capital, was cut off.")
    assert (first.kind, first.unit, second.unit) == ("people", "person", "mile")


def test_those_hurt_are_people(read: Read) -> None:
    (figure,) = read("Eight of those hurt were treated in hospital.")
    assert (figure.kind, figure.unit, figure.effect) == ("people", "person", "injured")


@pytest.mark.parametrize(
    ("text", "change"),
    [
        # the noun that the number stands before tells of a change, or is only described by the number
        ("Sales saw a 5% drop.", "down"),
        ("Rates had a 25 basis point rise.", "up"),
        ("Imports showed a decrease by 3 percent.", "down"),
        ("The firm cut the 400g bar.", None),
        ("Acme raised its $99 fee.", None),
        ("He lost a $4 million contract.", None),
        ("She lost 130 pounds.", "down"),
        ("Acme cut 400 jobs.", "down"),
        # "up to" is a bound, and "ante up" no rise
        ("The trick can save you up to $1,200.", None),
        ("The players anted up $129.", None),
    ],
)
def test_changes_by_nouns(read: Read, text: str, change: str | None) -> None:
    assert read(text)[0].change == change


def test_a_share_without_verb_moves_as_the_one_before(read: Read) -> None:
    figures = read("Shares of Alpha and Beta were down 2.3%, Gamma by 2.6% and Delta was down 1.9%.")
    assert [(f.value, f.change, f.noun) for f in figures] == [
        (2.3, "down", "share"),
        (2.6, "down", "gamma"),
        (1.9, "down", "delta"),
    ]


def test_the_scale_of_a_range_holds_for_what_it_rose_from(read: Read) -> None:
    first, second = read("Sales should rise from 24.2 to 33-35 billion euros.")
    assert (first.value, second.value_low, second.value_high) == (24.2e9, 33e9, 35e9)


def test_an_amount_told_again_in_brackets_lends_no_unit(read: Read) -> None:
    figures = read("The ministry pays 40m pesos ($2 million) and 9 million, respectively.")
    assert [figure.currency for figure in figures] == ["MXN", "USD", "MXN"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("It costs 8 or $9.", [(8, 9)]),
        ("About 150 or 200 people came.", [(150, 200)]),
        ("That makes it 25k or 40k cheaper.", [(25_000, 25_000), (40_000, 40_000)]),
        ("Between six or ten lorries came.", [(6, 10)]),
    ],
)
def test_or_joins_numbers_that_follow_each_other(read: Read, text: str, values: list[tuple[int, int]]) -> None:
    assert [(figure.value_low, figure.value_high) for figure in read(text)] == values


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        # the clause goes before the sentence, the sentence before the article
        ("Australia paid. New Zealand gave 2 million dollars, while Australia gave $3 million.", ["NZD", "AUD"]),
        ("Australia paid twice; Australian roads are bad. New Zealand gave 2 million dollars.", ["NZD"]),
        ("Canadian banks met Australian ones in Toronto. They spent $4 million.", ["CAD"]),
        ("Banks met in Toronto. Perth was not asked. Toronto paid; in the end the bill was $4 million.", ["CAD"]),
        ("The bill was $4 million.", ["USD"]),
        ("A $5,000 reward is offered.", ["USD"]),
        ("It cost A$5,000 or AU $89.99.", ["AUD", "AUD"]),
        ("Rates rose in Canada. Wall Street expected $2.52 a share.", ["USD"]),
    ],
)
def test_whose_dollar(read: Read, text: str, codes: list[str]) -> None:
    assert [figure.currency for figure in read(text)] == codes
