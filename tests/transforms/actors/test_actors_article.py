from datetime import date

import pytest

from newsbeam.transforms.actors.article import ArticleActors
from newsbeam.transforms.models import load_model


def described(text, words, occurrence=0):
    """The actor whom `words` are described as, at their n-th occurrence."""
    doc = load_model()(text)
    start = -1
    for _ in range(occurrence + 1):
        start = text.index(words, start + 1)
    span = doc.char_span(start, start + len(words), alignment_mode="expand")
    return ArticleActors(doc, None).describe(span)


@pytest.mark.parametrize(
    ("phrase", "country", "sector"),
    [
        ("Egypt's President Abdel Fattah el Sisi", "EGY", "GOV"),
        ("Syrian rebels", "SYR", "REB"),
        ("UN peacekeepers", "IGO", "MIL"),
        ("Taliban militants", "AFG", "REB"),
        ("the Israeli army", "ISR", "MIL"),
        ("Palestinian police", "PSE", "COP"),
        ("Kenya's foreign minister", "KEN", "GOV"),
        ("the Supreme Court of India", "IND", "JUD"),
        ("Russia's ambassador to Poland", "RUS", "GOV"),
        ("thousands of Peruvian miners", "PER", "CVL"),
        ("a Hamas spokesman", "PSE", "REB"),
        ("a police spokesman", None, "COP"),
        ("former Brazilian president Dilma Rousseff", "BRA", "ELI"),
        ("President Mugabe", "ZWE", "GOV"),
        ("Angela Merkel", "DEU", "GOV"),
        ("the European Union", "IGO", "IGO"),
        ("Amnesty International", "NGO", "NGO"),
        ("Boko Haram", "NGA", "REB"),
        ("Washington", "USA", "GOV"),
        ("the World Health Organization", "IGO", "IGO"),
        ("Chechen fighters", "RUS", "REB"),
        ("Zaire's army", "COD", "MIL"),
        ("the Soviet Union", "RUS", None),
        ("the People's Republic of China", "CHN", None),
        ("students in Chile", "CHL", "EDU"),
        ("protesters", None, "OPP"),
        ("the weather", None, None),
    ],
)
def test_an_actor_is_read_from_its_own_words(phrase, country, sector):
    actor = described(f"Officials met {phrase}.", phrase)
    assert (actor.country, actor.sector) == (country, sector)


def test_the_fullest_form_of_a_name_stands_for_all():
    text = "Ukrainian Prime Minister Yulia Svyrydenko flew to Paris. Svyrydenko signed a deal. She thanked France."
    assert described(text, "Svyrydenko", 1).name == "Yulia Svyrydenko"
    she = described(text, "She")
    assert (she.name, she.country, she.method) == ("Yulia Svyrydenko", "UKR", "article")


def test_apposition_tells_country_and_sector():
    text = "Jane Walder, Canada's finance minister, resigned. Walder gave no reason."
    actor = described(text, "Walder", 1)
    assert (actor.name, actor.kind, actor.country, actor.sector) == ("Jane Walder", "person", "CAN", "GOV")


@pytest.mark.parametrize(
    ("text", "words", "occurrence", "country"),
    [
        ("The Sudanese army shelled the town. The army denied it.", "The army", 0, "SDN"),
        ("Hezbollah fired rockets. The group gave no details.", "The group", 0, "LBN"),
        ("Fiji held a vote. The country is at peace.", "The country", 0, "FJI"),
        ("Police in Nairobi fired tear gas at protesters.", "protesters", 0, "KEN"),
        ("Turkish police arrested ten journalists.", "ten journalists", 0, "TUR"),
        ("Peru's president and his army chief met.", "his army chief", 0, "PER"),
        ("Ghana's junta met. Its foreign minister, Kojo Asante, left.", "Kojo Asante", 0, "GHA"),
        ("The Pentagon agreed. Spokesman Joe Hill confirmed it.", "Spokesman Joe Hill", 0, "USA"),
        ("Oxfam helped Hamas. The charity spoke of Boko Haram. The aid group left.", "The aid group", 0, "NGO"),
    ],
)
def test_the_article_tells_whose_a_role_is(text, words, occurrence, country):
    assert described(text, words, occurrence).country == country


@pytest.mark.parametrize(("year", "sector"), [(2003, "GOV"), (2015, "ELI"), (1980, None)])
def test_a_leader_counts_as_government_while_in_office(year, sector):
    doc = load_model()("Tony Blair spoke to reporters.")
    actor = ArticleActors(doc, None, published=date(year, 6, 1)).describe(doc[0:2])
    assert (actor.country, actor.sector) == ("GBR", sector)


def test_a_surname_after_a_title_means_the_leader_of_the_country_spoken_of():
    text = "Sri Lanka's parliament met. President Rajapaksa did not attend."
    assert described(text, "President Rajapaksa").country == "LKA"


def test_the_title_of_the_article_tells_what_it_is_about():
    doc = load_model()("Tuareg rebels seized a town.")
    assert ArticleActors(doc, "Attack in Niger").describe(doc[0:2]).country == "NER"


def test_foreigners_get_no_country_from_the_clause():
    assert described("Police in Nairobi met foreign diplomats.", "foreign diplomats").country is None


def test_a_word_that_is_a_name_only_in_capitals():
    assert described("The US sent aid.", "The US").country == "USA"
    assert described("They asked us for aid.", "us").country is None


@pytest.mark.parametrize(
    ("text", "words", "answer"),
    [
        ("Rebels took the town.", "Rebels", True),
        ("Rebels took the town.", "the town", False),
        ("She met the minister.", "She", True),
        ("Talks took two hours.", "two hours", False),
    ],
)
def test_who_can_act(text, words, answer):
    doc = load_model()(text)
    start = text.index(words)
    span = doc.char_span(start, start + len(words))
    assert ArticleActors(doc, None).is_actor(span) is answer


@pytest.mark.parametrize(
    ("text", "words", "country"),
    [
        ("Turkey warned its neighbours. The military struck villages in Syria.", "The military", "TUR"),
        ("Latvia closed a road. The president, who is ill, flew to Oslo.", "The president", "LVA"),
        ("Farmers drove into Brussels. They dislike imports from South America. Police held two.", "Police", "BEL"),
        ("Mali and Niger held talks. The army shelled camps in Benin.", "The army", None),
        ("Peru held a vote. The ambassador left.", "The ambassador", None),
        ("Kenya and Chad signed a pact. Police in Nairobi stood by.", "Police", "KEN"),
        ("Nepal swore in a cabinet. Brazil sent a wreath. The finance ministry gave no figures.",
         "The finance ministry", "NPL"),
    ],
)  # fmt: skip
def test_a_states_bodies_are_of_the_country_that_the_article_is_about(text, words, country):
    assert described(text, words).country == country


def test_a_force_is_the_one_that_the_article_has_spoken_of():
    text = "Turkish forces' first operation failed. The military struck villages in Syria on Monday."
    assert described(text, "The military").country == "TUR"


def test_a_force_at_home_is_of_the_only_country_named():
    assert described("The army killed ten gunmen in northern Nigeria.", "The army").country == "NGA"


@pytest.mark.parametrize("preposition", ["for", "against", "with"])
def test_whom_something_is_aimed_at_tells_no_country(preposition):
    assert described(f"Five people were accused of plotting {preposition} Russia.", "Five people").country is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Troops shot 6 Israeli in the town.", "6 Israeli"),
        ("Troops killed an Iranian at sea.", "Iranian"),
        ("Six Israeli civilians were killed.", "Six Israeli civilians"),
        ("Clashes left 35 Palestinians dead.", "35 Palestinians"),
    ],
)
def test_people_are_named_by_their_words_and_not_by_their_state(text, words):
    assert described(text, words).name == words


def test_a_surname_is_a_leaders_only_with_his_given_name():
    assert described("Rep. Scott Taylor of Virginia voted against it.", "Scott Taylor").country != "LBR"
    assert described("Liberian president Charles Taylor fled.", "Charles Taylor").country == "LBR"


def test_small_capitals_do_not_stand_for_their_states():
    assert described("Plymouth protested against the plan.", "Plymouth").country != "MSR"
    assert described("Budapest protested against the plan.", "Budapest").country == "HUN"


def test_a_region_named_like_a_country_is_no_country():
    text = "Police in Atlanta, Georgia, met. The Georgia police union went to Athens, Georgia."
    assert described(text, "The Georgia police union").country == "USA"
    assert described(text, "Athens").country == "USA"
    assert described("Georgia accused Russia of aggression in Tbilisi, Georgia.", "Georgia").country == "GEO"


def test_a_surname_with_a_hyphen_is_not_its_first_half():
    assert described("Mayor Stephanie Rawlings-Blake left the hall.", "Stephanie Rawlings-Blake").country != "GHA"
    assert described("Ghana's former president Jerry Rawlings left.", "Jerry Rawlings").country == "GHA"


def test_a_lone_word_that_is_a_town_too_tells_no_country():
    assert described("A teacher at the Southport hub left the hall.", "A teacher at the Southport hub").country != "PAK"
