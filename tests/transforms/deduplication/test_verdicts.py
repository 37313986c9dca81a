import random

import numpy as np
import pytest

from newsbeam.transforms.deduplication.candidates import CAP, NEIGHBOURS, Member, candidates
from newsbeam.transforms.deduplication.payloads import Payload, pack, unpack
from newsbeam.transforms.deduplication.shingles import shingle_hashes, words_of
from newsbeam.transforms.deduplication.verdicts import judge

LEAD = "The old harbour bridge of Lindby was closed on Monday after 12 cracks were found in its northern pillar."
STORY = [
    LEAD,
    "Engineers of the county said that repairs would take 14 weeks and cost about 3.5 million crowns.",
    "Buses that usually cross the bridge will run through the village of Aker until the work is done.",
    "The bridge was built by a company from the capital and has been repaired twice since then.",
    "Mayor Tove Lund told reporters that nobody had been in danger and that schools would open as usual.",
    "Fishermen complained that the county had ignored their warnings for years, while shop owners feared for trade.",
    "A ferry will carry up to 80 people an hour between the two banks, the harbour master said.",
]
OTHER = [
    "A court in Aker sentenced a former treasurer to three years in prison for fraud on Friday.",
    "The treasurer had moved 900,000 crowns from the accounts of the rowing club to his own.",
    "His lawyer said that the verdict would be appealed, and that the club had never kept its books well.",
    "Members of the club wept as the judge read out how the money had been spent on horses and boats.",
    "The club will sell its boat house to pay what it owes to the county and to the builders of its pier.",
]
DISCLAIMER = (
    "The views in this letter are those of its author alone and nothing in it is advice to buy or to sell any paper. "
    "Past results say nothing of those to come, and whoever reads this does so at a risk that is wholly the reader's. "
    "No part of it may be copied, stored or sent on without the written consent of the publisher and of the author. "
) * 2


def payload(lines: list[str], title: str = "Bridge closed in Lindby") -> Payload:
    text = "\n".join(lines)
    words = words_of(text)
    return unpack(pack(title, text, "paper.test", words.length, shingle_hashes(words)))


def changed(old: str, new: str) -> list[str]:
    lines = [line.replace(old, new) for line in STORY]
    assert lines != STORY
    return lines


@pytest.mark.parametrize(
    ("lines", "title", "relation"),
    [
        (STORY[:5], "Bridge closed in Lindby", "copy"),
        (["By our reporter, Aker Post", *STORY, "Sign up for our letter."], "What we know of the bridge", "copy"),
        ([STORY[0], *reversed(STORY[1:])], "Bridge closed in Lindby", "copy"),
        (changed("complained", "said"), "Bridge closed in Lindby", "copy"),
        (changed("12 cracks", "twelve cracks"), "Bridge closed in Lindby", "copy"),
        (changed("3.5 million", "3,500,000"), "Bridge closed in Lindby", "copy"),
        (changed("14 weeks", "16 weeks"), "Bridge closed in Lindby", "update"),
        (changed("12 cracks", "twenty cracks"), "Bridge closed in Lindby", "update"),
        (changed("on Monday", "on Sunday"), "Bridge closed in Lindby", "update"),
        (changed("Tove Lund", "Tove Lunde"), "CORRECTED-Bridge closed in Lindby", "update"),
        ([*STORY, "More follows."], "UPDATE 1-Bridge closed in Lindby", "update"),
        ([*STORY, "More follows."], "UPDATE 1-Harbour bridge shut for weeks", "copy"),
        (OTHER, "Treasurer jailed", None),
        ([*OTHER, *STORY[3:4]], "Treasurer jailed", None),
    ],
)
def test_verdicts(lines: list[str], title: str, relation: str | None) -> None:
    a, b = payload(STORY), payload(lines, title)
    for verdict in (judge(a, b), judge(b, a)):
        assert (verdict and verdict.relation) == relation


def test_half_new_wording_with_the_same_figures_is_a_copy() -> None:
    lines = [
        LEAD,
        "Engineers of the county said repairs would last 14 weeks and would cost some 3.5 million crowns.",
        "Lines that cross the bridge are led through Aker village until the work is done.",
        *STORY[3:5],
        "Fishers complained the county ignored their warnings for years, and shop owners fear for trade.",
        "A ferry is to carry up to 80 people an hour between the banks, the harbour master said.",
    ]
    verdict = judge(payload(STORY), payload(lines))
    assert verdict is not None and verdict.relation == "copy" and 0.5 <= verdict.similarity < 0.75
    other = [line.replace("80 people", "60 people").replace("14 weeks", "9 weeks") for line in lines]
    assert judge(payload(STORY), payload(other)) is None or verdict.similarity >= 0.7


def test_a_disclaimer_in_common_is_no_evidence() -> None:
    assert judge(payload([OTHER[0], DISCLAIMER]), payload([LEAD, DISCLAIMER])) is None


def test_forms_filled_in_are_not_copies() -> None:
    form = "{} will see a high of {} degrees on Tuesday with winds from the {} at {} miles an hour, the service said."
    tail = "The overnight low is expected to reach {} degrees, with rain after midnight and sun from ten."
    a = payload([form.format("Lindby", 61, "west", 21), tail.format(37)], "Weather in Lindby")
    b = payload([form.format("Lindby", 64, "west", 21), tail.format(37)], "Weather in Lindby")
    verdict = judge(a, b)
    assert verdict is None or verdict.relation == "update"


def _members(count: int) -> list[Member]:
    return [Member(n, f"{n:04d}", 0, True, str(n)) for n in range(count)]


def test_candidates_share_a_key_within_the_horizon() -> None:
    bands = [np.array(keys, dtype=np.uint64) for keys in ([1, 2], [2, 3], [3, 4], [])]
    pairs = [(a.instant, b.instant) for a, b in candidates(_members(4), bands, 10).pairs]
    assert pairs == [(0, 1), (1, 2)]
    assert candidates(_members(4), bands, 0) == ([], 0)
    old = [member._replace(is_new=False) for member in _members(4)]
    assert candidates(old, bands, 10) == ([], 0)
    assert candidates([], [], 10) == ([], 0)


def test_hot_keys_are_capped_and_counted_and_stay_connected() -> None:
    count = 10 * CAP
    members = _members(count)
    random.Random(1).shuffle(members)
    found = candidates(members, [np.array([7], dtype=np.uint64)] * count, count)
    assert found.capped == 1
    assert len(found.pairs) <= 2 * NEIGHBOURS * count
    assert {(n, n + 1) for n in range(count - 1)} <= {(a.instant, b.instant) for a, b in found.pairs}
