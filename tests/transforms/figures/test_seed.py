"""The figures of an article in the form of the project's first seed: two sides, a raid, an attack, tolls of a year."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsbeam.schemas.figure import Figure

Read = Callable[[str], list[Figure]]

TEXT = """A day after a raid claimed the lives of ten Ruritanians in Zenda, the kingdom mourns an attack that killed \
seven civilians outside a church in Strelsau on Friday.

A raid on a camp on Thursday resulted in the deaths of ten people.

35 Ruritanians, 6 Israelis killed in 2023

Officials said that troops killed a driver on Monday.

The conflict has killed 35 Palestinian adults and children since the beginning of the year, including militants.

Six Israeli civilians, including a child, and one Ukrainian civilian have been killed during the same time. In the \
attack on Friday outside the church, all three were shot to death.
"""


def test_the_figures_of_a_whole_article(read: Read) -> None:
    figures = read(TEXT)
    told = [(f.surface, f.effect, f.relation, f.scope, f.period_start) for f in figures]
    assert told == [
        ("ten", "killed", "part", "event", "2023-01-26"),
        ("seven", "killed", "total", "event", "2023-01-27"),
        ("ten", "killed", "total", "event", "2023-01-26"),
        ("35", "killed", "part", "period", "2023-01-01"),
        ("6", "killed", "part", "period", "2023-01-01"),
        ("35", "killed", "total", "cumulative", "2023-01-01"),
        ("Six", "killed", "total", "cumulative", "2023-01-01"),
        ("one", "killed", "total", "cumulative", "2023-01-01"),
        ("three", "killed", "part", "event", "2023-01-27"),
    ]
    by_surface = {f.surface: f for f in figures}
    assert figures[0].part_of == figures[2].figure_id
    assert figures[3].part_of == figures[5].figure_id
    assert figures[4].part_of == figures[6].figure_id
    assert by_surface["three"].part_of == by_surface["seven"].figure_id
    assert by_surface["35"].groups == ["Palestinian", "child", "militant"]
    assert by_surface["Six"].groups == ["Israeli", "civilian", "child"]
    assert by_surface["one"].groups == ["Ukrainian", "civilian"]


def test_the_same_text_gives_the_same_rows(read: Read) -> None:
    assert read(TEXT) == read(TEXT)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "2",
        "-",
        "minus",
        "minus minus 5",
        "1/0",
        "0/0 people died",
        "$",
        "(((((((",
        "one",
        "half",
        "£",
        "No",
        "Both",
        "killed 5",
    ],
)
def test_odd_ends_of_text_do_no_harm(read: Read, text: str) -> None:
    read(text)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(
            "killed five of the 40 people ( ) - $ % half 3.5m and from to 12 , including two hundreds no one . both "
            "were shot 1/0 1,2,3 dozens age years old per day million \n\n".split(" ")
        ),
        max_size=25,
    )
)
def test_any_words_give_rows_inside_the_text(read: Read, words: list[str]) -> None:
    for figure in read(" ".join(words)):
        assert figure.value_low is None or figure.value_high is None or figure.value_low <= figure.value_high
        assert 0 <= figure.confidence <= 1
        assert figure.polarity in ("asserted", "negated", "attempted", "hypothetical", "denied")
