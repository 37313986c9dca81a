import pytest

from newsbeam.transforms.events.lexicon import load_lexicon
from newsbeam.transforms.events.parse import Parse
from newsbeam.transforms.events.relevance import is_sport
from newsbeam.transforms.models import load_model
from tests.transforms.events.reading import told


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
