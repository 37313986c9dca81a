"""The given article, read from the outside: what it says is there, and nothing else."""

from datetime import date
from pathlib import Path

from tests.pipeline.lakes import rows


def test_the_article_is_kept_with_its_day(seed_lake: Path) -> None:
    [(day, source, published, text)] = rows(seed_lake, "select date, date_source, published_at, text from articles")
    assert day == date(2023, 1, 31)
    assert source == "header"
    assert published.isoformat() == "2023-01-31T00:00:00+00:00"
    assert text.startswith("After high-level talks in Jerusalem") and text.endswith("occupied East Jerusalem.")


def _events(lake: Path, condition: str) -> list[tuple[object, ...]]:
    return rows(lake, f"select event_date, place_name, killed_min, killed_max, trigger from events where {condition}")


def test_blinken_meets_netanyahu_on_monday(seed_lake: Path) -> None:
    met = _events(
        seed_lake,
        "type = 'CONSULT' and actor_name like '%Blinken%' and recipient_name like '%Netanyahu%' "
        "and actor_country = 'USA' and recipient_country = 'ISR'",
    )
    assert date(2023, 1, 30) in {row[0] for row in met}


def test_abbas_meets_burns_in_ramallah_on_sunday(seed_lake: Path) -> None:
    [(day, place, *_)] = _events(
        seed_lake, "type = 'CONSULT' and actor_name like '%Abbas%' and recipient_name like '%Burns%'"
    )
    assert (day, place) == (date(2023, 1, 29), "Ramallah")


def test_the_raid_on_jenin_killed_ten_on_thursday(seed_lake: Path) -> None:
    raids = _events(seed_lake, "type = 'ASSAULT' and place_name = 'Jenin'")
    assert (date(2023, 1, 26), 10, 10) in {(row[0], row[2], row[3]) for row in raids}


def test_the_attack_of_friday_killed_seven(seed_lake: Path) -> None:
    attacks = _events(seed_lake, "type = 'ASSAULT' and killed_min = 7 and killed_max = 7")
    assert {row[0] for row in attacks} == {date(2023, 1, 27)}


def test_troops_killed_a_driver_on_monday(seed_lake: Path) -> None:
    [(day, *_)] = _events(
        seed_lake,
        "type = 'ASSAULT' and actor_country = 'ISR' and actor_sector = 'MIL' and recipient_name like '%driver%'",
    )
    assert day == date(2023, 1, 30)


def test_figures_are_those_of_the_article_and_no_other(seed_lake: Path) -> None:
    found = rows(
        seed_lake, "select value, effect, scope, relation, period_start, surface from figures order by char_start"
    )
    killed = [(row[0], row[1]) for row in found]
    assert {row[1] for row in found} == {"killed"}, found
    assert sorted(value for value, _ in killed) == [1, 3, 6, 6, 7, 10, 10, 35, 35], found


def test_the_toll_of_the_year_is_cumulative_since_new_year(seed_lake: Path) -> None:
    [(start, groups)] = rows(
        seed_lake,
        "select period_start, groups from figures where value = 35 and scope = 'cumulative' and relation = 'total'",
    )
    assert start == date(2023, 1, 1)
    assert "child" in groups


def test_totals_count_nobody_twice(seed_lake: Path) -> None:
    raid = rows(seed_lake, "select count(*) from figures where value = 10 and relation = 'total'")
    assert raid == [(1,)]


def test_the_lake_opens_from_another_folder(seed_lake: Path, tmp_path: Path, monkeypatch: object) -> None:
    monkeypatch.chdir(tmp_path)  # type: ignore[attr-defined]
    assert rows(seed_lake, "select count(*) from events")[0][0] >= 6
