"""Who the sides of an event are, by the sentence around its frame."""

from datetime import date

import pytest

from newsbeam.schemas.event import Event
from newsbeam.transforms.events.coder import code_events
from newsbeam.transforms.models import load_model
from tests.transforms.events.reading import article, code, told


def sides(text: str, type_: str) -> list[tuple[list[str], list[str]]]:
    """The words for actors and recipients of the events of a type."""
    return [(actors, recipients) for kind, actors, recipients in told(text) if kind == type_]


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Chile and Peru signed a deal on fishing rights in the port of Arica.", "SUPPORT"),
        ("Chile and Peru began joint naval exercises in the southern Pacific.", "COOPERATE"),
        ("Chile and Peru failed to reach a deal on fishing rights.", "REJECT"),
        ("Chile and Peru agreed to share information on smugglers' boats.", "AGREE"),
    ],
)
def test_what_two_do_together_has_no_third_side(text: str, type_: str) -> None:
    assert sides(text, type_) == [(["Chile"], ["Peru"]), (["Peru"], ["Chile"])]


def test_where_they_met_is_no_part_of_who_was_met() -> None:
    found = sides("CIA chief William Burns met President Mahmoud Abbas in Ramallah on Tuesday.", "CONSULT")
    assert found[0] == (["CIA chief William Burns"], ["President Mahmoud Abbas"])


def test_whom_a_relative_clause_is_about() -> None:
    assert sides("The engineer, whom rebels had kidnapped in May, fled.", "ASSAULT") == [(["rebels"], ["The engineer"])]


def test_whose_things_an_agreement_is_on_stays_the_other_side() -> None:
    found = sides("Bahrain and Kuwait have agreed to lift a ban on imports of Egyptian cotton.", "AGREE")
    assert [actors for actors, _ in found] == [["Bahrain", "Kuwait"]]


def test_who_is_met_stays_the_other_side() -> None:
    found = sides("France and Germany held talks with Iran in Geneva.", "CONSULT")
    assert found[0] == (["France", "Germany"], ["Iran"])


@pytest.mark.parametrize(
    ("text", "type_", "words"),
    [
        ("Gunmen attacked a mosque of the Ahmadi community in northern Lahore.", "ASSAULT", "a mosque"),
        ("Rebels shelled the walled district of Old Taiz on Monday.", "ASSAULT", "the walled district of Old Taiz"),
        ("The bombing of a crowded market in northern Yemen was condemned by Oman.", "ACCUSE", "The bombing of a"),
        ("Norway condemned Iran's ballistic missile tests.", "ACCUSE", "Iran"),
    ],
)
def test_what_is_hit_is_shown_whole_and_what_is_blamed_by_its_owner(text: str, type_: str, words: str) -> None:
    assert sides(text, type_)[0][1][0].startswith(words)


def test_a_leader_is_in_office_by_the_day_of_publication() -> None:
    def actor(day: str) -> Event:
        return code("Tony Blair condemned Iran.", day)[0][0]

    assert (actor("2003-06-01").actor_sector, actor("2015-06-01").actor_sector) == ("GOV", "ELI")
    assert date.fromisoformat(actor("2003-06-01").event_date or "") == date(2003, 6, 1)


def test_without_a_day_of_publication_a_leader_still_has_a_country() -> None:
    text = "Tony Blair condemned Iran."
    events, _ = code_events(article(text, None), load_model()(text))
    assert events[0].actor_country == "GBR"


@pytest.mark.parametrize(
    ("text", "type_", "recipients"),
    [
        ("The Malian government gave approval for the Red Cross to deliver food.", "CONCEDE", ["the Red Cross"]),
        ("Teachers said they will not end the strike until their demands are met by the Chilean government.", "REJECT",
         ["the Chilean government"]),
        ("Canada's foreign minister attended a meeting of the Arab League.", "CONSULT", ["the Arab League"]),
        ("The gang was responsible for mass killings in northern Mexico.", "ASSAULT", ["northern Mexico"]),
        ("Police fired tear gas to disperse angry farmers.", "ASSAULT", ["angry farmers"]),
        ("Rebels said they will release the two nurses.", "AGREE", ["the two nurses"]),
        ("Ethiopia reiterated its demand that Egypt ease its sanctions on trade.", "REQUEST", ["Egypt"]),
        ("The prime minister agreed to resign.", "AGREE", []),
        ("Chad is willing to withdraw its soldiers.", "AGREE", []),
    ],
)  # fmt: skip
def test_a_side_that_the_frame_lacks_stands_deeper_in_the_sentence(
    text: str, type_: str, recipients: list[str]
) -> None:
    assert [found for _, found in sides(text, type_)][:1] == [recipients]


def test_what_an_adjective_with_its_phrase_adds_belongs_to_the_name() -> None:
    assert sides("Rebels attacked forces loyal to the king on Monday.", "ASSAULT")[0][1] == ["forces loyal to the king"]
    found = sides("Sudan expelled ten nurses employed by the Red Cross.", "SANCTION")
    assert found[0][1] == ["ten nurses employed by the Red Cross"]


@pytest.mark.parametrize(
    ("text", "recipients"),
    [
        ("Thousands of teachers marched in Lima to demand higher pay.", []),
        ("Thousands of students protested in Bogota on Monday.", []),
        ("Thousands rallied outside the US embassy in Lima.", ["the US embassy in Lima"]),
        ("Miners protested in Lima against the government.", ["the government"]),
        ("Nurses protested in Chad on Monday.", ["Chad"]),  # a state is meant itself, a town is not
    ],
)
def test_where_a_march_goes_is_not_whom_it_is_aimed_at(text: str, recipients: list[str]) -> None:
    assert [found for _, found in sides(text, "PROTEST")] == [recipients]


@pytest.mark.parametrize(
    "text",
    [
        "Clashes erupted between police and protesters on Monday.",
        "Clashes between police and protesters broke out in Lima.",
        "Police clashed with protesters in Lima.",
    ],
)
def test_clashes_with_protesters_are_part_of_the_protest(text: str) -> None:
    ((actors, recipients),) = sides(text, "PROTEST")
    assert {"police", "protesters"} == {words.lower().removesuffix(" in lima") for words in (*actors, *recipients)}
    assert sides(text, "ASSAULT") == []


@pytest.mark.parametrize(
    ("text", "actors"),
    [
        ("The Taliban claimed responsibility for the attack in Kandahar.", ["The Taliban"]),
        ("The Taliban denied responsibility for the attack in Kandahar.", []),
    ],
)
def test_who_claims_an_attack_did_it(text: str, actors: list[str]) -> None:
    assert [found for found, _ in sides(text, "ASSAULT")] in ([actors], [])


def test_aid_goes_where_those_in_need_are() -> None:
    text = "Norway has provided 28 million euros to pay for the care of those affected in Chad."
    assert sides(text, "AID") == [(["Norway"], ["Chad"])]


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("The minister said a reform of the World Bank was needed.", [("REQUEST", ["the World Bank"])]),
        ("Officials said more money was needed.", []),  # asked of nobody
        ("Cuba's refusal to cooperate with the Chilean government is known.", [("REJECT", ["the Chilean government"])]),
        ("Chad has intensified its forces along the border with Sudan.", [("MOBILIZE", ["Sudan"])]),
    ],
)
def test_what_is_needed_and_what_is_refused(text: str, events: list[tuple[str, list[str]]]) -> None:
    found = [(type_, [words.removeprefix("the border with ") for words in aims]) for type_, _, aims in told(text)]
    assert found == events


def test_a_car_is_rammed_into_somebody_and_artillery_fired_at_him() -> None:
    assert told("The attacker rammed a truck into the wall of the German consulate.") == [
        ("ASSAULT", ["The attacker"], ["the wall of the German consulate"])
    ]
    assert told("Pakistan fired artillery at the village.") == [("ASSAULT", ["Pakistan"], ["the village"])]


def test_people_and_what_stands_on_the_ground_have_the_country_of_the_place() -> None:
    def country(text: str) -> str | None:
        return code(text)[0][0].recipient_country

    assert country("Kenya closed all schools in Chad.") == "TCD"
    assert country("The protesters killed 13 in Chad.") == "TCD"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # one's own army is no other side
        ("Chad withdrew Chadian troops.", ("RETREAT", ["Chad"], [])),
        ("Chad will strengthen the Chadian army.", ("MOBILIZE", ["Chad"], [])),
        # missiles do not act; who fired them does
        ("One of the missiles hit a mosque in Lahore.", ("ASSAULT", [], ["a mosque"])),
        ("Russian missiles hit a mosque in Lahore.", ("ASSAULT", ["Russian"], ["a mosque"])),
    ],
)
def test_own_armies_and_arms_are_no_sides(text: str, expected: tuple[str, list[str], list[str]]) -> None:
    assert told(text) == [expected]


def test_who_fired_a_rocket_is_who_attacked() -> None:
    assert ("ASSAULT", ["Lebanon"], ["a house"]) in told("Two rockets fired from Lebanon hit a house.")


def test_people_urged_in_a_headline_do_not_urge() -> None:
    assert told("Teachers urged to stay at home") == []
    assert told("The minister urged teachers to stay at home.") == [("REQUEST", ["The minister"], ["teachers"])]


def test_a_name_ends_with_its_line() -> None:
    rows = told("Rubio in Delhi\nThe army of Chad attacked a village.")
    assert rows and all("\n" not in name for _, actors, recipients in rows for name in actors + recipients)


def test_nobody_agrees_with_himself_for_a_pronoun() -> None:
    _, participants = code("The city council of Kano agreed to pay them for night shifts.")
    assert [(p.role, p.name, p.country) for p in participants][1:] == [("recipient", "them", None)]


def test_where_a_force_is_based_is_shown_but_no_part_of_its_name() -> None:
    _, participants = code("Chad threatened to shell British forces based in the city of Goma.")
    shown = [(p.text, p.name) for p in participants if p.role == "recipient"][0]
    assert shown == ("British forces based in the city of Goma", "British forces")


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Chad will send troops to Mali.", "MOBILIZE"),
        ("Chad plans to deploy soldiers in Mali.", "MOBILIZE"),
        ("Chad will deploy troops against the rebels.", "THREATEN"),
        ("Chad threatened to deploy troops in Mali.", "THREATEN"),
    ],
)
def test_a_move_to_come_threatens_only_whom_it_is_against(text: str, type_: str) -> None:
    assert [event.type for event in code(text)[0]] == [type_]


def test_who_is_found_shot_did_not_shoot() -> None:
    victims = ["A couple", "their two children"]
    text = "A couple and their two children were found shot to death on Tuesday at a home in Katy."
    assert told(text) == [("ASSAULT", [], victims)]
    assert told("The man was found to have shot two women.") == [("ASSAULT", ["The man"], ["two women"])]


def test_the_talks_that_somebody_takes_part_in_are_no_party() -> None:
    assert told("Uganda took part in the talks.") == [("CONSULT", ["Uganda"], [])]
