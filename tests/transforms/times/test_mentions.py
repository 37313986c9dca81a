from datetime import date

import pytest

from newsbeam.transforms.models import load_model
from newsbeam.transforms.times.mentions import find_times

WEDNESDAY = date(2020, 1, 15)


def times_in(text):
    doc = load_model()(text)
    found = [mention for sentence in doc.sents for mention in find_times(sentence, WEDNESDAY)]
    return [(doc[m.start : m.end].text, m.when.start and m.when.start.isoformat()) for m in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gunmen attacked the village early on Sunday.", [("early on Sunday", "2020-01-12")]),
        ("The ministers will meet on Friday.", [("on Friday", "2020-01-17")]),
        ("Talks are scheduled to begin on Tuesday, officials said on Sunday.",
         [("on Tuesday", "2020-01-21"), ("on Sunday", "2020-01-12")]),
        ("Friday's blast was the worst since 2015.", [("Friday", "2020-01-10"), ("since 2015", "2015-01-01")]),
        ("The truce lasted from November 24 to December 1.", [("from November 24 to December 1", "2019-11-24")]),
        ("A week earlier, troops left the town.", [("A week earlier", "2020-01-08")]),
        ("Protesters marched during Ramadan.", [("during Ramadan", None)]),
        ("That day, shops stayed closed.", [("That day", None)]),
        ("Six people were killed during the same time.", [("during the same time", None)]),
        ("At the time, police arrested two men.", [("At the time", None)]),
        ("By then, the rebels had left.", [("By then", None)]),
        ("A day after the raid, shops stayed closed.", [("A day after", None)]),
        ("He is due to be sworn in on January 20.", [("on January 20", "2020-01-20")]),
    ],
)  # fmt: skip
def test_expressions_are_found_with_the_tense_of_their_clause(text, expected):
    assert times_in(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The 23-year-old man has lived here for two years.",
        "They won 3-1 after extra time.",
        "Theresa May praised the police.",
        "She may visit the camp.",
        "It was the third attack in ten days.",
        "Around 2000 people fled the town.",
        "He crashed in the 28th lap.",
        "They march against the tax.",
        "The 2015 deal was praised.",
    ],
)
def test_ages_durations_scores_and_names_are_no_times(text):
    assert times_in(text) == []


def test_what_is_decided_lies_ahead() -> None:
    doc = load_model()("They signed no agreement but decided to meet again in Ankara in September.")
    [mention] = find_times(next(doc.sents), date(2023, 6, 8))
    assert mention.when.start == date(2023, 9, 1)
