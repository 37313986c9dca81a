import pytest

from newsbeam.transforms.actors.article import ArticleActors
from newsbeam.transforms.models import load_model


def parties_of(text, words):
    """Countries and names of the parties that the last occurrence of `words` stands for."""
    doc = load_model()(text)
    start = text.rindex(words)
    span = doc.char_span(start, start + len(words), alignment_mode="expand")
    return [(actor.country, actor.name) for actor in ArticleActors(doc, None).parties(span)]


@pytest.mark.parametrize(
    ("phrase", "countries"),
    [
        ("the foreign ministers of Ethiopia and Sudan", ["ETH", "SDN"]),
        ("the leaders of Peru, Chile and Bolivia", ["PER", "CHL", "BOL"]),
        ("US and Israeli officials", ["USA", "ISR"]),
        ("Hungarian and Romanian diplomats", ["HUN", "ROU"]),
        ("Franco-German troops", ["FRA", "DEU"]),
        ("Sino-Indian border guards", ["CHN", "IND"]),
        ("the two Koreas", ["KOR", "PRK"]),
        ("the Baltic states", ["EST", "LVA", "LTU"]),
        ("the envoys of Oslo and Lima", ["NOR", "PER"]),
        ("Turkish-backed Syrian rebels", ["SYR"]),
        ("the foreign minister of Kenya", ["KEN"]),
        ("Kenya's foreign minister", ["KEN"]),
        ("the minister of trade and industry", [None]),
    ],
)
def test_a_phrase_may_name_several_countries(phrase, countries):
    assert [country for country, _ in parties_of(f"Reporters met {phrase}.", phrase)] == countries


def test_each_party_is_named_by_its_own_words():
    named = parties_of("The foreign ministers of Kenya and Somalia met.", "The foreign ministers of Kenya and Somalia")
    assert named == [("KEN", "foreign ministers of Kenya"), ("SOM", "foreign ministers of Somalia")]
    named = parties_of("US and Israeli officials met.", "US and Israeli officials")
    assert named == [("USA", "US officials"), ("ISR", "Israeli officials")]


@pytest.mark.parametrize(
    ("text", "words", "countries"),
    [
        ("Mali and Niger closed the road. The two governments blamed rebels.", "The two governments", ["MLI", "NER"]),
        ("Chad and Benin signed. The Pope praised both countries.", "both countries", ["TCD", "BEN"]),
        ("Putin met Erdogan. The two leaders spoke of grain.", "The two leaders", ["RUS", "TUR"]),
        ("Drivers struck across Italy. The mayor appealed to both sides.", "both sides", ["ITA"]),
        ("Peru, Chile and Cuba spoke. Oslo will host both delegations.", "both delegations", [None]),
        ("Fiji and Tonga met. The two ministers from Nauru stayed away.", "The two ministers from Nauru", ["NRU"]),
    ],
)
def test_both_sides_are_those_named_before(text, words, countries):
    assert [country for country, _ in parties_of(text, words)] == countries


@pytest.mark.parametrize(
    ("text", "words", "country"),
    [
        ("Putin and Erdogan spoke by phone.", "Erdogan", "TUR"),
        ("Merkel and Tsipras had dinner.", "Tsipras", "GRC"),
        ("President Obama and Erdogan met.", "Erdogan", "TUR"),
    ],
)
def test_who_is_joined_to_another_keeps_his_own_country(text, words, country):
    assert [found for found, _ in parties_of(text, words)] == [country]
