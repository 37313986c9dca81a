import pytest

from newsbeam.transforms.models import load_model
from newsbeam.transforms.places.article import ArticlePlaces


def place_in(text, title=None, sentence=0):
    doc = load_model()(text)
    reading = ArticlePlaces(doc, title).place_of(list(list(doc.sents)[sentence]))
    return reading.place and (reading.place.name, reading.place.country, reading.place.precision), reading.reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two bombs exploded in Kano on Monday.", ("Kano", "NGA", "city")),
        ("Russian missiles struck Kharkiv overnight.", ("Kharkiv", "UKR", "city")),
        ("Police in Paris, Texas, arrested three men.", ("Paris", "USA", "city")),
        ("Protesters marched through Paris on Sunday.", ("Paris", "FRA", "city")),
        ("Soldiers raided the Jenin refugee camp in the West Bank.", ("Jenin", "PSE", "city")),
        ("A clash in the city of Raqqa left five dead.", ("Ar Raqqah", "SYR", "city")),
        ("Rebels seized a village in Aleppo province.", ("Aleppo", "SYR", "admin1")),
        ("Fighting broke out in Darfur.", ("Darfur", "SDN", "admin1")),
        ("Thousands fled floods in Pakistan.", ("Pakistan", "PAK", "country")),
        ("Floods hit Lahore in Pakistan.", ("Lahore", "PAK", "city")),
        ("Rebels hit a base on the outskirts of Somalia's coastal city of Kismayo.", ("Kismayo", "SOM", "city")),
        ("Clashes erupted north of Damascus.", ("Damascus", "SYR", "city")),
        ("A bus crashed near a Peruvian village.", ("Peru", "PER", "country")),
        ("An official in Cairo said that rebels had bombed a market in Kano.", ("Kano", "NGA", "city")),
        ("An official in Cairo said that rebels had bombed a market.", ("Cairo", "EGY", "city")),
        ("A former spy was poisoned in Salisbury, and Britain blamed Moscow.", ("Salisbury", "GBR", "city")),
        ("Shots were fired in the German capital.", ("Berlin", "DEU", "city")),
    ],
)
def test_an_event_lies_where_its_clause_says(text, expected):
    assert place_in(text) == (expected, None)


def test_no_place_is_invented():
    assert place_in("The minister resigned on Monday.") == (None, "not_stated")


def test_the_given_name_of_a_person_is_no_place():
    assert place_in("Savannah Guthrie was robbed. Guthrie was unhurt.") == (None, "not_stated")


def test_a_place_that_is_not_known_is_told_from_none():
    assert place_in("Gunmen opened fire in Zorgabad on Monday.") == (None, "not_in_gazetteer")


def test_other_names_decide_between_namesakes():
    text = "Firefighters in Dallas, Texas, were called at noon. A warehouse burned down in Paris. Nobody was hurt."
    assert place_in(text, sentence=1)[0] == ("Paris", "USA", "city")


def test_the_town_that_the_lead_dwells_on_holds_for_later_sentences():
    text = "A blast hit a market in Maiduguri. Residents of Maiduguri heard gunfire. Four people died."
    assert place_in(text, sentence=2)[0] == ("Maiduguri", "NGA", "city")


def test_where_a_speaker_speaks_is_not_where_it_happened():
    assert place_in("Militants attacked a base near Mosul, an officer said in London.")[0] == ("Mosul", "IRQ", "city")


def test_a_dateline_is_known():
    doc = load_model()("KABUL, Afghanistan (AP) - A bomb killed two people.")
    dateline = ArticlePlaces(doc, None).dateline
    assert dateline is not None and dateline.name == "Kabul"


@pytest.mark.parametrize(
    "text",
    [
        "The US diplomat resigned.",
        "He repeated US support for the plan.",
        "The minister criticised Iran.",
        "Russia's attack was condemned.",
        "The senator blamed Tehran.",
    ],
)
def test_who_acts_or_is_dealt_with_is_no_place(text):
    assert place_in(text) == (None, "not_stated")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rockets hit a US base in Syria.", ("Syria", "SYR", "country")),
        ("Gunmen attacked an American camp in Niger.", ("Niger", "NER", "country")),
        ("Protesters marched in a US city.", ("United States", "USA", "country")),
        ("Thousands died in Syria's civil war.", ("Syria", "SYR", "country")),
        ("Rebels invaded Chad.", ("Chad", "TCD", "country")),
        ("After talks in Cairo, the envoy traveled to Amman.", ("Amman", "JOR", "city")),
        ("The government sent troops to Mali.", ("Mali", "MLI", "country")),
        ("A boy was shot in East Jerusalem.", ("East Jerusalem", "PSE", "city")),
        ("Soldiers raided homes in the West Bank.", ("West Bank", "PSE", "admin1")),
    ],
)
def test_the_land_of_an_event_is_not_the_land_of_its_actors(text, expected):
    assert place_in(text) == (expected, None)


def test_a_person_is_no_town():
    text = "Lewis Hamilton won the race. Hamilton was booed after Adrian Hanstock left."
    assert place_in(text, sentence=1) == (None, "not_stated")
