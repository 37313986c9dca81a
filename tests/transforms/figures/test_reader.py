from collections.abc import Callable

import pytest

from newsbeam.schemas.figure import Figure

Read = Callable[[str], list[Figure]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # active, passive, nominal, adjectival and elliptical ways to say it
        ("Gunmen killed 12 soldiers in the north.", [(12, "killed")]),
        ("Twelve soldiers were killed by gunmen in the north.", [(12, "killed")]),
        ("The blast claimed the lives of nine miners.", [(9, "killed")]),
        ("The fire resulted in the deaths of ten people.", [(10, "killed")]),
        ("The crash caused the death of 30 passengers.", [(30, "killed")]),
        ("At least 15 people died when the ferry sank.", [(15, "killed")]),
        ("The storm left 40 people dead and 12 missing.", [(40, "killed"), (12, "missing")]),
        ("Five dead, nine wounded in market bombing", [(5, "killed"), (9, "injured")]),
        ("Two people were killed and four were wounded in the raid.", [(2, "killed"), (4, "injured")]),
        ("Seven fishermen lost their lives in the storm.", [(7, "killed")]),
        ("Two off-duty guards lost their lives.", [(2, "killed")]),
        ("The explosion claimed three lives.", [(3, "killed")]),
        ("The find brings to three the number killed by the storm.", [(3, "killed")]),
        ("Gunmen dragged ten passengers from a bus and shot them.", [(10, "injured")]),
        ("Three men were shot dead outside a bar.", [(3, "killed")]),
        ("Six workers were shot and killed on Monday.", [(6, "killed")]),
        ("Eleven passengers suffered injuries.", [(11, "injured")]),
        ("Eight children were taken to hospital.", [(8, "injured")]),
        ("The bomb injured 25 shoppers.", [(25, "injured")]),
        ("There were 14 deaths and 60 injuries.", [(14, "killed"), (60, "injured")]),
        ("Police arrested 18 protesters.", [(18, "arrested")]),
        ("Rebels kidnapped four aid workers.", [(4, "abducted")]),
        ("The army freed 20 hostages.", [(20, "released")]),
        ("The flood displaced 3,000 villagers.", [(3000, "displaced")]),
        ("Authorities evacuated 900 residents.", [(900, "evacuated")]),
        ("The virus has infected 120 patients.", [(120, "infected")]),
        ("Some 5,000 people attended the funeral.", [(5000, "attending")]),
        # coordination and apposition
        ("Two soldiers and one guerrilla were killed.", [(2, "killed"), (1, "killed")]),
        ("Attackers killed nine policemen and four civilians.", [(9, "killed"), (4, "killed")]),
        ("The attack left 30 rebels and five soldiers dead.", [(30, "killed"), (5, "killed")]),
        # those who do it are no victims
        ("Four gunmen killed the mayor.", [(4, None)]),
        ("Two hundred officers searched the village.", [(200, None)]),
        ("Three men shot at a patrol.", [(3, None)]),
    ],
)
def test_people_get_what_happened_to_them(read: Read, text: str, expected: list[tuple[float, str | None]]) -> None:
    assert [(f.value, f.effect) for f in read(text)] == expected
    assert {f.kind for f in read(text)} == {"people"}


@pytest.mark.parametrize(
    ("text", "polarity", "bound"),
    [
        ("Gunmen killed 12 soldiers.", "asserted", "eq"),
        ("The group tried to kill 12 soldiers.", "attempted", "eq"),
        ("The group threatened to kill 12 hostages.", "hypothetical", "eq"),
        ("The army could kill 12 hostages.", "hypothetical", "eq"),
        ("The army denied killing 12 farmers.", "denied", "eq"),
        ("The soldiers did not kill 12 farmers.", "negated", "eq"),
        ("No one was injured in the blast.", "asserted", "none"),
        ("There were no casualties.", "asserted", "none"),
    ],
)
def test_polarity_tells_facts_from_the_rest(read: Read, text: str, polarity: str, bound: str) -> None:
    (figure,) = read(text)
    assert (figure.polarity, figure.bound) == (polarity, bound)
    assert figure.value == (0 if bound == "none" else 12)


@pytest.mark.parametrize(
    "text",
    [
        "The talks began on 3 May 2022 at 8:30 p.m. local time.",
        "In 1998 he moved to the capital.",
        "They met in the 1990s.",
        "Officers were called to the 3200 block of Elm Street.",
        "Call 555-234-5678 for details.",
        "The home side won 3-1.",
        "An F-16 and a Boeing 737 landed.",
        "The Group of Seven met again.",
        "COVID-19 closed Route 66.",
        "He said no such thing.",
        "It was the first of its kind, and one of a kind is enough.",
        "1. Open the door",
        "The 4th floor was closed.",
        "They quoted Article 5 and Resolution 1701.",
        "It ended in a second half without goals.",
        "The values were 1,2,3,4.",
        "It came to 1/0.",
        "9" * 400,
        "[[[(7)]]]",
    ],
)
def test_what_is_no_quantity_gives_no_row(read: Read, text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "value", "unit", "currency", "per", "noun"),
    [
        ("The firm paid $1.5bn for the mine.", "money", 1.5e9, "dollar", "USD", None, "mine"),
        ("Sales reached 3.5m euros.", "money", 3.5e6, "euro", "EUR", None, "sale"),
        ("Canada will spend $20 million on ports, Ottawa said.", "money", 20e6, "dollar", "CAD", None, "port"),
        ("Exports fell 7% last year.", "percent", 7, "percent", None, None, "export"),
        ("Turnout was 64 percent.", "percent", 64, "percent", None, None, "turnout"),
        ("Rates rose by 25 basis points.", "ratio", 25, "basis point", None, None, "rate"),
        ("The pipe is 72.7 metres long.", "measure", 72.7, "metre", None, None, "pipe"),
        ("Winds of 155mph hit the coast.", "measure", 155, "mile per hour", None, None, "wind"),
        ("The plant makes 52,000 barrels a day.", "measure", 52_000, "barrel per day", None, "day", "plant"),
        ("Tickets cost £30 per person.", "money", 30, "pound", "GBP", "person", "ticket"),
        ("Temperatures reached 41 degrees Celsius.", "temperature", 41, "degree celsius", None, None, "temperature"),
        ("The siege lasted six weeks.", "duration", 6, "week", None, None, "siege"),
        ("A 12-year-old boy won.", "age", 12, "year of age", None, None, "boy"),
        ("Anna Berg, 39, won the race.", "age", 39, "year of age", None, None, "berg"),
        ("The army bought 14 old trucks.", "count", 14, "old truck", None, None, "truck"),
        ("Two dozen homes burned.", "count", 24, "home", None, None, "home"),
        ("Two-thirds of voters stayed home.", "ratio", 2 / 3, None, None, None, "voter"),
        ("Some 35m of its phones were sold.", "count", 35e6, "phone", None, None, "phone"),
        ("The 40 page report shocked readers.", "count", 40, "page", None, None, "report"),
        ("The average age of the crew is around 51.", "age", 51, "year of age", None, None, "age"),
        ("The race will take place over three weeks.", "duration", 3, "week", None, None, "race"),
        ("The cup holds 1/8 of a British pint.", "measure", 0.125, "pint", None, None, "cup"),
        ("The team lost minus-6 yards.", "measure", -6, "yard", None, None, "team"),
    ],
)
def test_measures_and_counts(
    read: Read, text: str, kind: str, value: float, unit: str | None, currency: str | None, per: str | None, noun: str
) -> None:
    (figure,) = read(text)
    assert (figure.kind, figure.unit, figure.currency, figure.per) == (kind, unit, currency, per)
    assert figure.value == pytest.approx(value)
    assert figure.noun == noun


@pytest.mark.parametrize(
    ("text", "low", "high", "bound"),
    [
        ("Hundreds of people fled.", 100, 1000, "vague"),
        ("Tens of thousands of refugees fled.", 10_000, 100_000, "vague"),
        ("Several people were hurt.", 3, 9, "vague"),
        ("Between 20 and 30 people were hurt.", 20, 30, "range"),
        ("Between 30 and 20 people were hurt.", 20, 30, "range"),
        ("At least 35 people were hurt.", 35, None, "min"),
        ("Up to 60 people were hurt.", None, 60, "max"),
        ("About 60 people were hurt.", 60, 60, "approx"),
    ],
)
def test_bounds_of_people(read: Read, text: str, low: float | None, high: float | None, bound: str) -> None:
    (figure,) = read(text)
    assert (figure.value_low, figure.value_high, figure.bound) == (low, high, bound)
    assert (figure.value is None) == (bound in ("vague", "range"))


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("Shares rose 6.5% on Friday.", "up"),
        ("Shares were down 2.3% on Friday.", "down"),
        ("Shares closed +0.4% on Friday.", "up"),
        ("Shares make up 5% of the fund.", None),
        ("Growth slowed from 4.8 to 4.7 percent.", "down"),
        ("The fee fell from $40 in March to $30.", "down"),
        ("The bank plans to raise its fee from $30 to $40.", None),
        ("The valve was raised from 13 to 15 mm.", None),
        ("The wind was 10mph less than the forecast.", None),
    ],
)
def test_change_says_which_way(read: Read, text: str, change: str | None) -> None:
    (figure,) = read(text)
    assert figure.change == change


def test_an_amount_that_a_fall_follows_has_not_fallen(read: Read) -> None:
    price, fall = read("The median price was $2.5 million, down 4% year over year.")
    assert (price.change, fall.change) == (None, "down")


def test_a_level_beside_its_points(read: Read) -> None:
    level, move = read("The index closed at 8,120.5, up 40.2 points.")
    assert (level.unit, level.change, move.unit, move.change) == ("point", None, "point", "up")


def test_the_age_of_a_victim_without_a_name(read: Read) -> None:
    (age,) = read("A male, 18, was injured.")
    assert (age.kind, age.value, age.effect) == ("age", 18, None)


def test_one_of_those_shot_fatally(read: Read) -> None:
    shot, died = read("Nine people were shot, two fatally, near the station.")
    assert (shot.value, shot.effect) == (9, "casualties")
    assert (died.value, died.effect) == (2, "killed")


def test_who_they_are_and_who_says_so(read: Read) -> None:
    (six,) = read("Six Israeli civilians, including a child, were killed on Friday in Haifa, police said.")
    assert six.groups == ["Israeli", "civilian", "child"]
    assert six.attribution == "police"
    assert (six.scope, six.period_start, six.period_end) == ("event", "2023-01-27", "2023-01-27")
    assert (six.place_name, six.place_country) == ("Haifa", "ISR")


def test_a_count_since_a_day_is_cumulative(read: Read) -> None:
    (figure,) = read("The conflict has killed 35 people since the beginning of the year.")
    assert (figure.scope, figure.period_start, figure.period_end) == ("cumulative", "2023-01-01", "2023-01-31")


def test_arabic_indic_digits(read: Read) -> None:
    (figure,) = read("The blast killed ٣٥ people.")
    assert (figure.value, figure.effect) == (35, "killed")


@pytest.mark.parametrize(
    ("text", "effect"),
    [
        ("The dam will release 37.5 percent of the flow in May.", None),
        ("Half of the hostages were released on Monday.", "released"),
    ],
)
def test_what_happens_to_water_is_no_effect(read: Read, text: str, effect: str | None) -> None:
    assert [figure.effect for figure in read(text)] == [effect]


def test_a_number_of_others_is_no_part_of_the_unit(read: Read) -> None:
    hit, fired = read("The army shot down 11 of 15 missiles.")
    assert (hit.value, hit.unit, fired.value, fired.unit) == (11, "missile", 15, "missile")
