import re

import pytest

from newsbeam.transforms.actors.lexicon import HERE, folded, names, role_of, roles, singular


@pytest.mark.parametrize("name", sorted(path.name for path in HERE.glob("*.tsv")))
def test_a_table_states_its_origin_and_has_no_empty_name(name):
    text = (HERE / name).read_text(encoding="utf-8")
    assert text.startswith("#")
    assert not re.search(r"^\t|\|\||\|\t.*\|$", text, re.MULTILINE)


def test_countries_have_three_letters():
    bad = {c for entries in names().values() for e in entries for c in e.countries if not re.fullmatch("[A-Z]{3}", c)}
    assert bad == set()


@pytest.mark.parametrize(
    ("phrase", "sector"),
    [
        ("foreign minister", "GOV"),
        ("police spokesman", "COP"),
        ("spokesman", None),
        ("trade unions", "LAB"),
        ("gunmen", "REB"),
        ("two fishermen", "CVL"),
        ("supreme court judges", "JUD"),
    ],
)
def test_the_longest_role_phrase_counts(phrase, sector):
    role = role_of(tuple(phrase.split()))
    assert role is not None and role.sector == sector


def test_there_are_enough_roles():
    assert len(roles()) >= 400


def test_folding_and_singular():
    assert folded("Kim Jong-un") == "kim jong un"
    assert folded("U.N.") == "un"
    assert [singular(w) for w in ("armies", "churches", "policemen", "boss")] == ["army", "church", "policeman", "boss"]
