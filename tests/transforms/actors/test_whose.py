"""Phrases of the news, and whose those are whom they name."""

import pytest

from newsbeam.transforms.actors.article import ArticleActors
from newsbeam.transforms.models import load_model


@pytest.mark.parametrize(
    ("phrase", "countries"),
    [
        ("the presidents of Brazil and Argentina", "BRA ARG"),
        ("British and French troops", "GBR FRA"),
        ("Indian and Pakistani soldiers", "IND PAK"),
        ("Iranian-backed Iraqi militias", "IRQ"),
        ("Saudi-backed Yemeni forces", "YEM"),
        ("Russian-backed separatists in Ukraine", "UKR"),
        ("US-trained Afghan soldiers", "AFG"),
        ("NATO-led troops in Kosovo", "IGO"),
        ("ethnic Albanians in Macedonia", "MKD"),
        ("ethnic Serbs in Kosovo", "XKX"),
        ("ethnic Hungarians in Romania", "ROU"),
        ("ethnic Russians in Latvia", "LVA"),
        ("Israeli Arabs", "ISR"),
        ("Arab Israelis", "ISR"),
        ("Turkish Cypriots", "CYP"),
        ("Bosnian Serbs", "BIH"),
        ("Kosovo Albanians", "XKX"),
        ("Iraqi Kurds", "IRQ"),
        ("Syrian Kurds", "SYR"),
        ("Turkish Kurds", "TUR"),
        ("police in Indian-administered Kashmir", "IND"),
        ("police in Pakistan-administered Kashmir", "PAK"),
        ("protesters in Indian-controlled Kashmir", "IND"),
        ("the Kremlin", "RUS"),
        ("Downing Street", "GBR"),
        ("the White House", "USA"),
        ("the Elysee Palace", "FRA"),
        ("the Knesset", "ISR"),
        ("the State Duma", "RUS"),
        ("the Bundestag", "DEU"),
        ("the Majlis", "IRN"),
        ("the IDF", "ISR"),
        ("the IRGC", "IRN"),
        ("the FSB", "RUS"),
        ("the People's Liberation Army", "CHN"),
        ("the Lok Sabha", "IND"),
        ("the Verkhovna Rada", "UKR"),
        ("the Blue House", "KOR"),
        ("the Sejm", "POL"),
        ("the Riksdag", "SWE"),
        ("the African Union", "IGO"),
        ("the Arab League", "IGO"),
        ("ASEAN", "IGO"),
        ("Doctors Without Borders", "NGO"),
        ("the Red Cross", "NGO"),
        ("Al-Shabab", "SOM"),
        ("the M23 rebels", "COD"),
        ("Abu Sayyaf", "PHL"),
        ("Chechen rebels", "RUS"),
        ("the Tamil Tigers", "LKA"),
        ("Burmese troops", "MMR"),
        ("Zaire's president", "COD"),
        ("Soviet troops", "RUS"),
        ("East German refugees", "DEU"),
        ("the former Yugoslav republic of Macedonia", "MKD"),
        ("South Ossetian separatists", "GEO"),
        ("the Polisario Front", "ESH"),
        ("the Greek and Turkish foreign ministers", "GRC TUR"),
        ("the Chinese, Japanese and Korean envoys", "CHN JPN KOR"),
        ("diplomats from Norway and Sweden", "NOR SWE"),
        ("British Prime Minister Keir Starmer and French President Emmanuel Macron", "GBR"),
        ("Rwandan Hutu rebels", "RWA"),
        ("Ethiopian troops in Somalia", "ETH"),
        ("UN troops in Mali", "IGO"),
        ("the Palestinian Authority", "PSE"),
        ("Germany's Greens", "DEU"),
        ("Lebanon-based Palestinian militants", "PSE"),
        ("the Pakistani Taliban", "PAK"),
        ("Japan's Self-Defense Forces", "JPN"),
        ("Taiwan's parliament", "TWN"),
        ("a Moscow-based group", "RUS"),
        ("anti-Kremlin activists", "RUS"),
    ],
)
def test_a_phrase_tells_whose_it_is(phrase, countries):
    doc = load_model()(f"Reporters met {phrase}.")
    span = doc.char_span(len("Reporters met "), len("Reporters met ") + len(phrase), alignment_mode="expand")
    assert [actor.country for actor in ArticleActors(doc, None).parties(span)] == countries.split()


@pytest.mark.parametrize("name", ["Chad Smith", "Michael Jordan", "German Gref"])
def test_a_person_may_bear_a_countrys_name(name):
    doc = load_model()(f"Reporters met {name} on Monday.")
    span = doc.char_span(len("Reporters met "), len("Reporters met ") + len(name), alignment_mode="expand")
    assert ArticleActors(doc, None).describe(span).method not in ("demonym", "gazetteer")
