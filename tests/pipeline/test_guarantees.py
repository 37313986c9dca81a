"""The guarantees of the lake and of the ids, each by its name, through the whole command."""

import json
import shutil
from pathlib import Path

import pytest

from tests.pipeline.lakes import SEEDS, data_digests, digests, rows, run, tables


def test_running_the_same_input_again_adds_nothing_and_changes_no_byte(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    assert run(SEEDS, "--lake", lake) == 0
    before = digests(lake)
    assert run(SEEDS, "--lake", lake) == 0
    assert digests(lake) == before


def test_order_of_input_changes_nothing(seeds_lake: Path, tmp_path: Path) -> None:
    files = sorted((path for path in SEEDS.iterdir() if path.is_file() and path.name != "README.md"), reverse=True)
    assert run(*files, "--lake", tmp_path / "lake") == 0
    assert data_digests(tmp_path / "lake") == data_digests(seeds_lake)


def test_number_of_workers_changes_nothing(seeds_lake: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    assert run(SEEDS, "--lake", lake, "--direct_running_mode", "multi_processing", "--direct_num_workers", "2") == 0
    assert data_digests(lake) == data_digests(seeds_lake)


def test_chunk_size_changes_no_row(seeds_lake: Path, tmp_path: Path) -> None:
    assert run(SEEDS, "--lake", tmp_path / "lake", "--chunk_articles", "1") == 0
    assert tables(tmp_path / "lake") == tables(seeds_lake)


def test_order_of_records_within_a_file_changes_no_row(tmp_path: Path) -> None:
    texts = [f"Troops killed {n} people in Mosul on Monday, police said." for n in range(2, 9)]
    records = [json.dumps({"id": str(n), "date": "2024-05-08", "text": text}) for n, text in enumerate(texts)]
    found = []
    for name, lines in (("a", records), ("b", records[::-1])):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "news.jsonl").write_text("\n".join(lines), encoding="utf-8")
        assert run(folder, "--lake", tmp_path / f"lake-{name}") == 0
        found.append(rows(tmp_path / f"lake-{name}", "select * exclude (origin) from articles order by article_id"))
    assert found[0] == found[1]
    assert len(found[0]) == len(texts)


def test_every_offset_is_the_surface(seeds_lake: Path) -> None:
    join = "join articles a using (article_id, revision, date)"
    for table, start, end, words in (
        ("participants", "char_start", "char_end", "t.text"),
        ("figures", "char_start", "char_end", "t.surface"),
        ("events", "trigger_start", "trigger_end", "t.trigger"),
    ):
        said = f"substr(a.text, t.{start} + 1, t.{end} - t.{start})"
        wrong = rows(seeds_lake, f"select {words}, {said} from {table} t {join} where {words} <> {said}")
        assert wrong == []
        assert rows(seeds_lake, f"select count(*) from {table}")[0][0] > 0


def test_sentences_are_where_they_say(seeds_lake: Path) -> None:
    join = "join articles a using (article_id, revision, date)"
    for table in ("events", "figures"):
        assert rows(seeds_lake, f"select count(*) from {table} t {join} where position(t.sentence in a.text) = 0") == [
            (0,)
        ]


def test_child_rows_never_precede_their_article(seeds_lake: Path) -> None:
    for table in ("events", "participants", "figures", "links"):
        orphans = rows(
            seeds_lake, f"select count(*) from {table} anti join articles using (article_id, revision, date)"
        )
        assert orphans == [(0,)]


def test_ids_are_unique(seeds_lake: Path) -> None:
    for table, key in (("events", "event_id"), ("figures", "figure_id"), ("articles", "article_id, revision")):
        assert rows(seeds_lake, f"select {key} from {table} group by all having count(*) > 1") == []


def test_a_late_article_becomes_visible_once(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    (tmp_path / "one.txt").write_text("date 2024-05-08\nGunmen killed two people in Kano on Monday.", encoding="utf-8")
    (tmp_path / "two.txt").write_text(
        "date 2024-05-01\nRebels attacked a village near Goma on Tuesday.", encoding="utf-8"
    )
    assert run(tmp_path / "one.txt", "--lake", lake) == 0
    assert run(tmp_path / "two.txt", tmp_path / "one.txt", "--lake", lake) == 0
    assert rows(lake, "select date::text, count(*) from articles group by all order by 1") == [
        ("2024-05-01", 1),
        ("2024-05-08", 1),
    ]


def test_a_failed_run_leaves_the_lake_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = tmp_path / "lake"
    (tmp_path / "one.txt").write_text("date 2024-05-08\nGunmen killed two people in Kano.", encoding="utf-8")
    (tmp_path / "two.txt").write_text("date 2024-05-08\nRebels attacked a village near Goma.", encoding="utf-8")
    assert run(tmp_path / "one.txt", "--lake", lake) == 0
    before = tables(lake)

    def explode(*_: object) -> None:
        raise RuntimeError("a bug in the coder")

    monkeypatch.setattr("newsbeam.transforms.extract.decode", explode)
    assert run(tmp_path / "two.txt", "--lake", lake) == 1
    assert tables(lake) == before


def test_a_moved_lake_is_read_again_after_a_run(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("date 2024-05-08\nGunmen killed two people in Kano.", encoding="utf-8")
    assert run(tmp_path / "one.txt", "--lake", tmp_path / "lake") == 0
    shutil.move(tmp_path / "lake", tmp_path / "moved")
    assert run(tmp_path / "one.txt", "--lake", tmp_path / "moved") == 0
    assert rows(tmp_path / "moved", "select count(*) from articles") == [(1,)]
