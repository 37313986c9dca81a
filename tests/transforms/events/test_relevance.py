import pytest

from newsbeam.transforms.events.lexicon import load_lexicon
from newsbeam.transforms.events.parse import Parse
from newsbeam.transforms.events.standing import is_sport
from newsbeam.transforms.models import load_model
from tests.transforms.events.reading import code, told


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        ("Nine people were killed in a bomb blast at a market in Kano.", True),
        ("Nine people were killed when a ferry capsized off Kano.", False),
        ("Gunmen opened fire on a bus in Kano. Nine people were killed.", True),
    ],
)
def test_harm_without_culprit_needs_violence(text: str, is_read: bool) -> None:
    assert any(type_ == "ASSAULT" and recipients == ["Nine people"] for type_, _, recipients in told(text)) is is_read


def test_a_match_is_no_attack() -> None:
    text = (
        "The champion won the match after a long season. The striker attacked the goalkeeper early in the game. "
        "The league cup comes next, and the coach praised the squad."
    )
    doc = load_model()(text)
    lexicon = load_lexicon()
    assert is_sport(Parse(doc, lexicon.verbs), lexicon)
    assert told(text) == []


def test_nobody_can_thank_or_meet_alone() -> None:
    assert told("He thanked you.") == []
    assert told("The ambassador met.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Protesters marched a year after 57 people were killed in a train crash.",
        "Four soldiers were killed when their helicopter crashed in the north.",
        "A bus collided with an army truck, killing nine people.",
        "Rescuers found the bodies of 12 people killed in the earthquake, the army said.",
    ],
)
def test_what_an_accident_did_is_no_attack_whatever_stands_beside_it(text: str) -> None:
    assert "ASSAULT" not in [event.type for event in code(text)[0]]


@pytest.mark.parametrize(
    "text",
    [
        "Ten people were killed when a car bomb exploded in Goma.",
        "Soldiers were wounded in an attack after the earthquake.",
        "Iran shot down an airliner, killing 176 people in the crash.",
    ],
)
def test_an_attack_beside_an_accident_stays_one(text: str) -> None:
    assert "ASSAULT" in [event.type for event in code(text)[0]]


def test_harm_to_oneself_is_no_attack_but_a_bomber_is() -> None:
    assert told("The prisoner hanged himself in his cell in Kano.") == []
    assert "ASSAULT" in [event.type for event in code("A bomber blew himself up outside a mosque in Kano.")[0]]


def test_who_speaks_to_reporters_does_not_consult() -> None:
    assert told("The president of Chad spoke to reporters.") == []


_ABOUT_WORK = (
    "The bakery in the old quarter opens at six every morning, and long before that the ovens are hot. "
    "Customers queue along the wall, and some have come here for thirty years. The bread is dark, heavy and a little "
    "sour, and it keeps for a week. On most days everything is sold by noon, and then the shop is shut until morning. "
)


def test_private_business_in_a_whole_article_is_no_event() -> None:
    deal = "Talma Bakeries agreed to work with a mill in the valley."
    assert [event.type for event in code(deal)[0]] == ["AGREE"]
    assert not code(_ABOUT_WORK + deal)[0]
    assert [event.type for event in code(_ABOUT_WORK + "The government of Chad agreed to work with Kenya.")[0]] == [
        "AGREE"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The president of Chad spoke with his staff.",
        "Malaysia warned its citizens.",
        "Police received a call about a fire in Kano.",
        "The minister of Chad avoided attacking the rebels.",
        "The mayor has no strategy for ending the protests.",
    ],
)
def test_what_is_one_s_own_or_only_meant_is_no_event(text: str) -> None:
    assert not told(text)


def test_in_a_calm_article_only_powers_attack() -> None:
    blow = "The owner hit back by raiding the cupboard."
    assert not code(_ABOUT_WORK * 5 + blow)[0]
    assert [event.type for event in code(_ABOUT_WORK * 5 + "Russian troops raided a village in Chad.")[0]] == [
        "ASSAULT"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The court barred the minister from arresting the senator.",
        "Americans who visit Cuba must avoid its hotels.",
    ],
)
def test_what_is_kept_from_happening_or_a_habit_is_no_event(text: str) -> None:
    assert not {"arresting", "visit"} & {event.trigger for event in code(text)[0]}


def test_politicians_attack_people_in_words() -> None:
    assert [event.type for event in code("President Trump attacked the judges on Friday.")[0]] == ["ACCUSE"]
    assert [event.type for event in code("President Trump attacked Iran on Friday.")[0]] == ["ASSAULT"]


def test_only_powers_grant_something_in_a_whole_article() -> None:
    assert not code(_ABOUT_WORK + "The new rules allow Chad to use the mill.")[0]
    granted = code(_ABOUT_WORK + "The government allowed Chad to use the mill.")[0]
    assert [event.type for event in granted] == ["CONCEDE"]


@pytest.mark.parametrize(
    "text",
    [
        "Don't arrest the minister of Chad!",
        "The rule restricts itself.",
        "A policeman accidentally shot a boy in Kano.",
        "Schools reopened in a town that was not attacked by the rebels.",
    ],
)
def test_commands_accidents_and_what_was_not_done_elsewhere_are_no_events(text: str) -> None:
    assert not told(text)


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("The baker expressed his anger.", []),
        ("The teacher was accused of fraud.", ["ACCUSE"]),
        ("The president of Chad criticised the plan.", ["ACCUSE"]),
        ("The police of Kano were dispatched to the scene.", []),
        ("The army of Chad was deployed to the border.", ["MOBILIZE"]),
        ("A friend visited the president of Chad.", []),
        ("The king of Morocco visited the president of Chad.", ["CONSULT"]),
    ],
)
def test_in_a_whole_article_an_event_needs_the_sides_of_its_type(text: str, types: list[str]) -> None:
    assert [event.type for event in code(_ABOUT_WORK + text)[0]] == types


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("The identity of the suspect was not released.", []),
        ("The minister of Chad was treated and released.", []),
        ("The bodies of two soldiers were released by Chad.", ["RETREAT"]),
        ("A camera captured the minister of Chad.", []),
        ("The bullet hit the ground.", []),
    ],
)
def test_what_is_made_known_or_filmed_is_neither_freed_nor_seized(text: str, types: list[str]) -> None:
    assert [event.type for event in code(text)[0]] == types


def test_an_interview_is_no_meeting() -> None:
    assert not told("Speaking to the club in Kano, the president of Chad said that he was glad.")
    told_there = code(_ABOUT_WORK + "The president of Chad was speaking to the Norwegian newspaper Verdens Gang.")
    assert not told_there[0]


@pytest.mark.parametrize(
    "text",
    ["The agency suspended its operations in Kano.", "The government of Chad prevented the disease from spreading."],
)
def test_to_stop_one_s_own_work_or_a_disease_coerces_nobody(text: str) -> None:
    assert "COERCE" not in [event.type for event in code(text)[0]]
