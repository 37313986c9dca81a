"""Victims told by their state rather than by a deed, and words that leave the outcome open."""

from collections.abc import Callable

import pytest

from newsbeam.schemas.figure import Figure

Read = Callable[[str], list[Figure]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rescuers found two hikers with minor injuries.", [(2, "injured")]),
        ("Police found four men suffering from gunshot wounds.", [(4, "injured")]),
        ("The five drivers were flown to Lille with serious burns.", [(5, "injured")]),
        ("Two of the boys were found with wounds.", [(2, "injured")]),
        (
            "The crash left three sailors with broken bones and two passengers with burns.",
            [(3, "injured"), (2, "injured")],
        ),
        ("All six passengers were taken to Newtown Medical Center.", [(6, "injured")]),
        ("Eight gunshot victims were brought in.", [(8, "injured")]),
        ("Three farmers were gunned down near the river.", [(3, "killed")]),
        (
            "The shooting of one guard and the wounding of three others shocked the town.",
            [(1, "injured"), (3, "injured")],
        ),
        # an adjective before one is not said of the other
        ("They met the injured boy and two teachers.", [(2, None)]),
        ("The clash left two rebels dead and sent four others to hospital.", [(2, "killed"), (4, "injured")]),
        ("Three survivors were treated at a hospital and released.", [(3, "injured")]),
        ("Rebels released three hostages.", [(3, "released")]),
        ("Two men are recovering after being shot.", [(2, "injured")]),
        ("The crash killed both people in the car.", [(2, "killed")]),
        ("The remains of six people were found in a grave.", [(6, "killed")]),
        ("Four people were shot, two of them fatally.", [(4, "casualties"), (2, "killed")]),
        ("Three sailors are expected to survive.", [(3, "injured")]),
        ("The heat led a man to kill one guard and wound five others.", [(1, "killed"), (5, "injured")]),
        ("A family of six died in the fire.", [(6, "killed")]),
        ("Two miners are recovering in hospital.", [(2, "injured")]),
        (
            "Four men were shot and one died. All four men suffered burns.",
            [(4, "injured"), (1, "killed"), (4, "injured")],
        ),
        ("A guard was killed. Two clerks were also hit.", [(2, "injured")]),
        # headlines
        ("Eleven dead and a dozen wounded in clash", [(11, "killed"), (12, "injured")]),
        ("Four miners found dead in shaft", [(4, "killed")]),
        ("Five people shot outside bar in Lyon", [(5, "injured")]),
        ("The father had been arrested dozens of times.", []),
        # who does harm is no victim of it
        ("Two sergeants shot and killed a man.", [(2, None)]),
        ("Two sergeants were shot and killed.", [(2, "killed")]),
        ("Three men with knives robbed the shop.", [(3, None)]),
    ],
)
def test_states_tell_what_happened(read: Read, text: str, expected: list[tuple[float, str | None]]) -> None:
    assert [(f.value, f.effect) for f in read(text) if f.kind == "people"] == expected


@pytest.mark.parametrize(
    ("text", "effects"),
    [
        ("Five people were shot on Monday.", ["injured"]),
        ("Five people were shot on Monday. A man died at the scene.", ["casualties"]),
        ("Police found two men with gunshot wounds. One man died later.", ["casualties", "killed"]),
        ("Police found two men with minor gunshot wounds. One man died later.", ["injured", "killed"]),
        ("Six people were taken to hospital.", ["injured"]),
        ("Two people died and six were taken to hospital.", ["killed", "injured"]),
        ("Nine people were injured. Six people were taken to hospital.", ["injured", "hospitalised"]),
    ],
)
def test_open_words_are_read_by_the_rest(read: Read, text: str, effects: list[str]) -> None:
    assert [f.effect for f in read(text)] == effects


def test_ages_in_a_list_count_nobody(read: Read) -> None:
    figures = read("Four men who were hit, one 29 years old, another 52, two others 37, were treated.")
    assert [f.value for f in figures if f.kind == "people"] == [4, 2]
    assert [f.value for f in figures if f.kind == "age"] == [29, 52, 37]


@pytest.mark.parametrize(
    ("more", "effect"),
    [
        ("A boy has died.", "casualties"),
        ("One death was fatal.", "casualties"),
        ("A man was charged with assault with a deadly weapon with intent to kill.", "injured"),
        ("Homicide detectives are at the scene. Nobody was killed.", "injured"),
        ("None of the wounds is believed to be non-fatal, and he could have killed more.", "injured"),
    ],
)
def test_shot_is_injured_unless_a_death_is_asserted(read: Read, more: str, effect: str) -> None:
    assert read("Three people were shot at a fair. " + more)[0].effect == effect
