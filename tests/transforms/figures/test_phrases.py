"""What a figure is said of, in words: the phrase counted or measured, and in brackets whose it is."""

from collections.abc import Callable

import pytest

from newsbeam.schemas.figure import Figure

Read = Callable[[str], list[Figure]]


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        # what is counted stands as object or complement: the subject holds it
        ("The bakery dismissed 40 drivers.", ["drivers (bakery)"]),
        ("The bakery announced plans to dismiss 40 drivers.", ["drivers (bakery)"]),
        ("The bakery said it would close 12 shops.", ["shops (bakery)"]),
        ("Bakers say it sells 12 cakes.", ["cakes"]),  # "it" is not the bakers
        ("Maria Stone, who won three medals, retired.", ["medals (Maria Stone)"]),
        ("The ferry line raised its fares by 5%.", ["its fares (ferry line)"]),
        ("Owen (12 goals) and Diaz (9 goals) lead the list.", ["goals (Owen)", "goals (Diaz)"]),
        ("The band sold 30 records and 20 tapes.", ["records (band)", "tapes (band)"]),
        # what is only acted on is not the subject's
        ("Soldiers and police seized 40 guns.", ["guns"]),
        ("The mayor visited 12 shops.", ["shops"]),
        # unless a name tells who it is, and it is no people
        ("Maria Stone visited 12 shops.", ["shops (Maria Stone)"]),
        ("Maria Stone met 12 farmers.", ["farmers"]),
        ("The price of oil rose to $90.", ["price of oil"]),
        # what stands in brackets behind a number, or straight before it; a period is of nothing
        ("We used a needle (1.5mm inner diameter).", ["inner diameter (needle)"]),
        ("In the last three months the firm has closed 12 shops.", [None, "shops (firm)"]),
        # it is the subject itself
        ("Forty drivers left the bakery.", ["drivers"]),
        ("There are 40 drivers.", ["drivers"]),
        # what happened to people says whose deed it was
        ("Gunmen killed 12 soldiers.", ["soldiers"]),
        # the number is no part of the phrase
        ("The bakery paid a fine of $3 million.", ["fine"]),
        ("The loan has an interest rate of 5 percent.", ["interest rate (loan)"]),
        ("The city will build eight miles (13 km) of tunnels.", ["tunnels (city)", "tunnels (city)"]),
        ("All flights within 50 miles at the time landed.", ["flights at the time"]),
        ("A four-door coupe crashed.", ["coupe"]),
        ("He fell into a 130-foot-deep shaft.", ["shaft"]),
        ("It has a one year-guarantee.", ["guarantee"]),
        # nor is another number
        ("Two of the three guards on duty were hurt.", ["guards on duty", "guards on duty"]),
        ("The party has 300 local offices and 2,000 staff.", ["local offices (party)", "staff (party)"]),
        ("They drove off two would-be robbers.", ["would-be robbers"]),
        ("Norway guards a 1,340km (832-mile) land border.", ["land border (Norway)", "land border (Norway)"]),
        # nor what is only added
        ("Two young children, a teacher and a driver were there.", ["young children"]),
        ("The dyers won 12 votes, by a wide margin.", ["votes (dyers)"]),
        # "his" is nobody's who is no person
        ("Shots hit one of his tyres.", ["his tyres"]),
        ("Maria Stone lost one of her shops.", ["her shops (Maria Stone)"]),
        # "who" is no place
        ("Owen Reed, from Bath, who has written 12 books, agreed.", ["books (Owen Reed)"]),
        # names straight before a signed share or a size, and what a comma sets off
        ("At noon in Paris: Dax +0.2% Ibex 35 +0.3% Nikkei -0.8%.", ["Dax", "Ibex 35", "Nikkei"]),
        ("MacBook Air 15 inch is worth exactly $1000.", ["MacBook Air", "MacBook Air"]),
        ("Most sank in fairly shallow water, just 47 feet (14 metres) deep.", ["shallow water", "shallow water"]),
        ("The lake is 90 feet deep.", ["lake"]),
        ("The firm makes 9 litre cases.", ["cases (firm)"]),
        ("He lives with his two sons, 14-year-old Jon and 9-year-old Abe.", ["sons", "Jon", "Abe"]),
        # what money is made of
        ("He faces $25,000 in fines.", ["fines"]),
        ("The mine sent millions of dollars in foreign aid.", ["foreign aid"]),
        ("The stock lost $5 in early trading.", ["stock"]),
        ("They got half of what the coat was worth.", [None]),
        ("It has a 60W USB-C port and a 12W USB-A port.", ["USB-C port", "USB-A port"]),
        # a time before or after something, or among which it is the first, is of nothing
        ("Six months after the fair opened, it closed.", [None]),
        ("It was the worst flood in 40 years.", [None]),
        # lists and elided verbs
        ("Grid frequency fell to 49.5 Hz on 9 May, 49.2 Hz on 20 June.", ["Grid frequency", "Grid frequency"]),
        ("Sales should rise from 24.2 to 33-35 billion euros.", ["Sales", "Sales"]),
    ],
)
def test_phrases_say_what_is_counted_and_whose(read: Read, text: str, phrases: list[str]) -> None:
    assert [figure.noun_phrase for figure in read(text)] == phrases


@pytest.mark.parametrize(
    ("text", "kind", "unit", "value"),
    [
        ("The club wants to sign another keeper or two.", "count", "keeper", 2),
        ("The repairs may take a week or two.", "duration", "week", 2),
        ("The life expectancy of men there is around 71.", "age", "year of age", 71),
    ],
)
def test_numbers_after_their_noun(read: Read, text: str, kind: str, unit: str, value: float) -> None:
    (figure,) = read(text)
    assert (figure.kind, figure.unit, figure.value) == (kind, unit, value)


def test_a_bare_number_after_by_is_in_percent_too(read: Read) -> None:
    shares, bonds = read("Shares rose by 2 percent but bonds fell by 1.")
    assert (bonds.kind, bonds.unit, bonds.change) == ("percent", "percent", "down")


def test_a_year_earlier_is_no_rate(read: Read) -> None:
    now, then = read("Profit rose to 40 million euros from 35 million euros a year earlier.")
    assert (now.per, then.per, then.relation) == (None, None, "previous")
