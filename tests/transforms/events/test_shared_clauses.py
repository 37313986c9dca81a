"""Days that several verbs share, what is arranged, and promises that are made; vehicles that are no weapons."""

import pytest

from tests.transforms.events.reading import code


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Rebels killed a guard and abducted two nurses in Goma on Sunday.", ["2024-05-12", "2024-05-12"]),
        ("Rebels killed a guard and wounded two nurses in Goma on Sunday.", ["2024-05-12"]),
        ("Rebels attacked a bus on Sunday and kidnapped two nurses.", ["2024-05-12", "2024-05-12"]),
        ("Troops shelled the village on Sunday, killing two nurses.", ["2024-05-12"]),
        ("Ten people were killed when a car bomb exploded in Goma on Sunday.", ["2024-05-12", "2024-05-12"]),
        ("Ten people were wounded on Sunday when soldiers fired on farmers.", ["2024-05-12", "2024-05-12"]),
        # another subject, who may have spoken on another day
        ("Rebels attacked a bus on Sunday and the army condemned it.", ["2024-05-12", "2024-05-15"]),
    ],
)
def test_verbs_of_one_subject_share_a_day(text: str, days: list[str]) -> None:
    assert [event.event_date for event in code(text)[0]] == days


@pytest.mark.parametrize(
    ("text", "type_", "realis", "day"),
    [
        ("The Kenyan president is to meet the rebels on Friday.", "AGREE", "future", "2024-05-17"),
        ("Kenya promised on Monday to release the farmers.", "AGREE", "actual", "2024-05-13"),
        ("Kenya promised to release the farmers next week.", "AGREE", "actual", "2024-05-15"),
        ("Kenya plans to release the farmers next week.", "AGREE", "future", None),
    ],
)
def test_what_is_said_is_done_and_what_is_planned_is_not(text: str, type_: str, realis: str, day: str | None) -> None:
    (event,) = code(text)[0]
    assert (event.type, event.realis) == (type_, realis)
    if day is not None:
        assert event.event_date == day


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("Floods drove thousands of people from their homes in Sindh.", []),
        ("Rebels drove the army from the town.", ["ASSAULT"]),
        ("Farmers drove tractors into Vienna.", []),
        ("Turkey sent two ships with food to Libya.", ["AID"]),
        ("Turkey sent two warships to Libya.", ["MOBILIZE"]),
        ("Dutch police seized 300 kilograms of cocaine.", ["COERCE"]),
        ("Students blockaded the office of the mayor in Zagreb.", ["PROTEST"]),
        ("The army blockaded the port of Aden.", ["ASSAULT"]),
        ("Greek police tore down a camp of protesters.", ["COERCE"]),
    ],
)
def test_the_object_and_the_doer_tell_what_is_done(text: str, types: list[str]) -> None:
    assert [event.type for event in code(text)[0]] == types


@pytest.mark.parametrize(
    ("text", "polarities"),
    [
        ("No soldiers were killed by the rebels.", ["negated"]),
        ("Nobody was beaten.", ["negated"]),
        ("None of the rebels attacked the army.", ["negated"]),
        ("The army arrested no protesters.", ["negated"]),
        ("No one was arrested or beaten by Kenyan police.", ["negated"]),
        ("Rebels killed no fewer than 12 soldiers.", ["asserted"]),
        ("There was no attack on Goma.", []),
    ],
)
def test_none_did_it_or_suffered_it(text: str, polarities: list[str]) -> None:
    assert [event.polarity for event in code(text)[0]] == polarities


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("An explosion occurred in a furnace in Lagos.", []),
        ("An explosion occurred at a market in Kabul, and militants were blamed.", ["ASSAULT"]),
    ],
)
def test_an_explosion_is_an_attack_where_something_says_so(text: str, types: list[str]) -> None:
    assert [event.type for event in code(text)[0] if event.type == "ASSAULT"] == types
