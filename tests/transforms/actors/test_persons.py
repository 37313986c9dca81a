from datetime import date

import pytest

from newsbeam.transforms.actors.actor import Actor
from newsbeam.transforms.actors.article import ArticleActors
from newsbeam.transforms.actors.persons import Persons
from newsbeam.transforms.models import load_model


def person(name, country=None, sector=None):
    return Actor(name, "person", country, sector, None, 0.5)


def last_in(text, words):
    """The actor whom the last occurrence of `words` is described as."""
    doc = load_model()(text)
    start = text.rindex(words)
    span = doc.char_span(start, start + len(words), alignment_mode="expand")
    return ArticleActors(doc, None, published=date(2016, 5, 5)).describe(span)


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("The talks ended. French Minister of Defence Jeanne Morel left. Morel met rebels.", "Morel",
         ("Jeanne Morel", "FRA", "GOV")),
        ("Secretary of State John Kerry flew to Oman. Kerry met the sultan.", "Kerry", ("John Kerry", "USA", "GOV")),
        ("Barack Obama spoke. Later Michelle Obama sang. Obama met voters.", "Obama", ("Barack Obama", "USA", "GOV")),
        ("Michelle Obama sang in Ohio. Obama met voters.", "Obama", ("Obama", "USA", "GOV")),
        ("Egyptian blogger Wael Abbas was held. Police beat Abbas.", "Abbas", ("Wael Abbas", "EGY", "MED")),
    ],
)  # fmt: skip
def test_a_short_name_takes_the_fullest_form_with_country_and_sector(text, words, expected):
    actor = last_in(text, words)
    assert (actor.name, actor.country) == expected[:2]
    if expected[2] != "MED":
        assert actor.sector == expected[2]


def test_a_caption_is_no_name():
    assert last_in("Caption Obama met voters. President Barack Obama left.", "Barack Obama").name == "Barack Obama"


def test_the_namesake_named_last_is_meant():
    persons = Persons()
    persons.add(person("Ana Suarez", "CUB"), 1)
    persons.add(person("Luis Suarez", "PER"), 9)
    assert persons.full(person("Suarez"), 5).name == "Ana Suarez"
    assert persons.full(person("Suarez"), 12).name == "Luis Suarez"


def test_a_name_that_comes_later_fills_an_earlier_short_one():
    persons = Persons()
    persons.add(person("Suarez"), 1)
    persons.add(person("Ana Suarez", "CUB", "GOV"), 9)
    assert persons.full(person("Suarez"), 1) == person("Ana Suarez", "CUB", "GOV")


def test_spellings_of_a_leaders_given_name_are_one_person():
    persons = Persons()
    persons.add(person("Mahmud Abbas", "PSE", "GOV"), 1)
    assert persons.full(person("Abbas", "PSE", "GOV"), 9).name == "Mahmud Abbas"


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        ("Protesters mocked the deputy minister, Peter Hansen.", "the deputy minister", "Peter Hansen"),
        ("President-elect Maria Gomez won. The army greeted President-elect Gomez.", "Gomez", "Maria Gomez"),
        ("Donald Trump met voters. Having vowed to scrap Barack Obama's law, he left.", "he", "Donald Trump"),
    ],
)
def test_who_is_meant_beside_names(text, words, name):
    assert last_in(text, words).name == name


def test_the_director_of_a_service_is_of_the_service():
    assert last_in("FBI Director James Comey spoke.", "James Comey").sector == "COP"


def test_a_surname_is_not_the_capital_that_is_called_so():
    actor = last_in("Lewis Hamilton won the race. Hamilton met the mayor.", "Hamilton")
    assert (actor.name, actor.country) == ("Lewis Hamilton", None)
