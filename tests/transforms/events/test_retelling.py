"""Days of events that their own clause does not date."""

from datetime import date

import pytest

from newsbeam.transforms.events.retelling import filed_on
from tests.transforms.events.reading import code

MONDAY, TUESDAY, WEDNESDAY = "2024-05-13", "2024-05-14", "2024-05-15"  # the articles are of the Wednesday
TOLD, ASSUMED = "approximate", "assumed_pub"


def day_of(text: str, words: str) -> tuple[str | None, str]:
    """Day and its kind of the event whose trigger lies in `words`."""
    start = text.index(words)
    (event,) = [e for e in code(text)[0] if start <= e.trigger_start < start + len(words)]
    return event.event_date, event.date_type


@pytest.mark.parametrize(
    ("text", "words", "day", "kind"),
    [
        ("Miners blocked a road near Cusco on Monday. Police fired tear gas at them.", "fired", MONDAY, TOLD),
        ("Gunmen kidnapped ten pupils in Kano on Monday. A guard was killed in the raid.", "killed", MONDAY, TOLD),
        ("Soldiers shot a farmer on Monday. The army said he had attacked a patrol.", "attacked", MONDAY, TOLD),
        ("Gunmen bombed a church in Lima on Monday. Nuns hid. The blast killed a priest.", "blast", MONDAY, TOLD),
        ("Gunmen shot at a church in Lima on Monday. Nuns hid. A priest died in the attack.", "died", MONDAY, TOLD),
        ("Rebels attacked a bus on Monday and the army arrested two men.", "arrested", MONDAY, TOLD),
        ("Rebels attacked a convoy near Goma. The attack on Tuesday killed a driver.", "attacked", TUESDAY, TOLD),
        ("Workers marched in Quito on Monday. The minister received them. He apologised to them later.",
         "apologised", MONDAY, TOLD),
        # what else was done on a day dates what follows it; what is said on one does not
        ("A man entered a school near Kano on Monday. He shot two teachers.", "shot", MONDAY, TOLD),
        ("Police said on Monday that the man was ill. He shot two teachers.", "shot", WEDNESDAY, ASSUMED),
        # a story of long ago goes on without days
        ("In 1978, rebels took a town in Chad. They killed the mayor.", "killed", None, "unresolved"),
        ("Rebels who took a town in Chad in 1978 met. They killed the mayor.", "killed", WEDNESDAY, ASSUMED),
        # what is said of it, what has been done since, what lies ahead and what is told elsewhere keeps its own day
        ("Gunmen killed two nuns on Monday. Italy condemned the attack.", "condemned", WEDNESDAY, ASSUMED),
        ("Gunmen killed two nuns on Monday. Police have arrested three men.", "arrested", WEDNESDAY, ASSUMED),
        ("Gunmen killed two nuns on Monday. Shops closed. Schools did too. Police arrested two men.", "arrested",
         WEDNESDAY, ASSUMED),
        ("He spoke of Monday's attack by rebels on a bus. Police arrested two men.", "arrested", WEDNESDAY, ASSUMED),
        ("A judge fined the mayor on Monday over the killing of a farmer.", "killing", WEDNESDAY, ASSUMED),
        ("The toll from the bombing of a market in Herat rose to nine on Monday.", "bombing", WEDNESDAY, ASSUMED),
    ],
)  # fmt: skip
def test_a_day_holds_for_what_the_story_tells_of_it(text: str, words: str, day: str, kind: str) -> None:
    assert day_of(text, words) == (day, kind)


def test_the_words_for_a_day_told_elsewhere_are_kept() -> None:
    text = "Miners blocked a road near Cusco on Monday. Police fired tear gas at them."
    assert [e.date_text for e in code(text)[0] if e.type == "ASSAULT"] == ["on Monday"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("NAIROBI, May 13 (Agency) -- Police said", date(2024, 5, 13)),
        ("KABUL, Afghanistan, May 14 — Police said", date(2024, 5, 14)),
        ("NAIROBI, April 3 -- Police said", date(2024, 5, 15)),  # no text waits so long
        ("NAIROBI -- Police said", date(2024, 5, 15)),
        ("Police said on May 13 that", date(2024, 5, 15)),
    ],
)
def test_a_dateline_tells_the_day_that_days_are_counted_from(text: str, day: date) -> None:
    assert filed_on(text, date(2024, 5, 15)) == day


def test_today_is_the_day_of_the_dateline() -> None:
    events, _ = code("NAIROBI, May 14 (Agency) -- Gunmen killed a guard in Wajir today.")
    assert [e.event_date for e in events] == [TUESDAY]


def test_a_story_of_long_ago_is_historical() -> None:
    events = code("In 1978, rebels took a town in Chad. They killed the mayor.")[0]
    assert [event.realis for event in events] == ["historical", "historical"]


def test_a_vow_is_made_on_the_day_told_before_what_is_vowed() -> None:
    assert code("Rubio vowed on Sunday to deepen cooperation with Hungary.")[0][0].event_date == "2024-05-12"
    assert code("Chad planned to meet envoys of Mali on Sunday.")[0][0].event_date == "2024-05-19"
