"""What a deed did to people belongs to the deed: one event, with all its victims."""

import pytest

from newsbeam.transforms.facts import read_facts
from newsbeam.transforms.models import load_model
from tests.transforms.events.reading import article, told


def attacks(text: str) -> list[tuple[list[str], list[str]]]:
    """The words for actors and recipients of each ASSAULT."""
    return [(actors, recipients) for kind, actors, recipients in told(text) if kind == "ASSAULT"]


@pytest.mark.parametrize(
    ("text", "actor", "recipients"),
    [
        ("Rebels shelled the town, killing four people and wounding nine.", "Rebels", ["the town", "four people"]),
        ("Militants attacked a convoy, leaving six soldiers dead.", "Militants", ["a convoy", "six soldiers"]),
        ("The army shelled the village and killed four farmers.", "The army", ["the village", "four farmers"]),
        ("Gunmen killed four farmers and wounded nine herders.", "Gunmen", ["four farmers", "nine herders"]),
        ("A suicide bomber attacked a market on Friday.", "A suicide bomber", ["a market"]),
    ],
)
def test_one_attack_is_one_event(text: str, actor: str, recipients: list[str]) -> None:
    assert attacks(text) == [([actor], recipients)]


@pytest.mark.parametrize(
    "text",
    [
        "The army killed six rebels on Monday and wounded two farmers on Tuesday.",
        "The army killed six rebels in Kano and wounded two farmers in Jos.",
        "Rebels killed two teachers, and soldiers wounded three rebels.",
        "Rebels stormed a school, killing two teachers and abducting 30 pupils.",
    ],
)
def test_two_attacks_stay_two(text: str) -> None:
    assert len(attacks(text)) == 2


def test_the_deed_carries_both_tolls() -> None:
    text = "Rebels shelled the town of Goma on Monday, killing four people and wounding nine others."
    events = read_facts(article(text), load_model()(text)).events
    assert [(e.trigger, e.killed_min, e.killed_max, e.injured_min, e.injured_max) for e in events] == [
        ("shelled", 4, 4, 9, 9)
    ]
