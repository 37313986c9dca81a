"""Names that a reader of world news knows: their countries, without a parse."""

import pytest

from newsbeam.transforms.actors.lexicon import folded, names


def first(name):
    """Country and sector of what a name likeliest stands for."""
    entry = names()[folded(name)][0]
    return (entry.countries[0] if entry.countries else None), entry.sector


@pytest.mark.parametrize(
    ("name", "country", "sector"),
    [
        ("Antigua", "ATG", None),
        ("Commonwealth of Australia", "AUS", None),
        ("Cape Verdeans", "CPV", None),
        ("Elysée", "FRA", "GOV"),
        ("East Berlin", "DEU", "GOV"),
        ("Spetsnaz", "RUS", "MIL"),
        ("Riksdag", "SWE", "LEG"),
        ("Storting", "NOR", "LEG"),
        ("Folketing", "DNK", "LEG"),
        ("Saeima", "LVA", "LEG"),
        ("Wolesi Jirga", "AFG", "LEG"),
        ("Carabineros", "CHL", "COP"),
        ("Carabinieri", "ITA", "COP"),
        ("Royal Canadian Mounted Police", "CAN", "COP"),
        ("FARDC", "COD", "MIL"),
        ("Jaish-i-Mohammed", "PAK", "REB"),
        ("Lashkar-e-Toiba", "PAK", "REB"),
        ("Ansarullah", "YEM", "REB"),
        ("al-Shebab", "SOM", "REB"),
        ("Wazalendo", "COD", "REB"),
        ("Stasi", "DEU", "SPY"),
        ("Stormont", "GBR", None),
        ("Miraflores", "VEN", "GOV"),
        ("Primero Justicia", "VEN", "OPP"),
        ("Alliance of Sahel States", "IGO", "IGO"),
        ("Action Against Hunger", "NGO", "NGO"),
        ("UNFPA", "IGO", "IGO"),
        ("Pashtuns", "AFG", None),
        ("Hema", "COD", None),
        ("Madhesis", "NPL", None),
        ("Adivasis", "IND", None),
        ("Darfuris", "SDN", None),
        ("Crimean Tatars", "UKR", None),
    ],
)
def test_a_name_is_known(name, country, sector):
    found, own = first(name)
    assert found == country
    assert sector is None or own == sector


@pytest.mark.parametrize("word", ["Kraft", "Gabriela", "Kalashnikov", "Goran", "Verdi", "PDFs"])
def test_a_common_word_or_name_of_persons_is_none(word):
    assert folded(word) not in names()
