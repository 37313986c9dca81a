"""Bad input ends in one reject each with its reason; the good files beside it are kept."""

import gzip
import json
import os
from pathlib import Path

import pytest

from tests.pipeline.lakes import data_digests, rows, run

GOOD = "date 2024-05-08\nGunmen killed two people in Kano on Monday, police said."


@pytest.fixture
def bad_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.txt").write_text(GOOD, encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "truncated.txt.gz").write_bytes(gzip.compress(GOOD.encode() * 100)[:-20])
    (folder / "no_text.json").write_text(json.dumps({"id": "1", "title": "A headline"}), encoding="utf-8")
    (folder / "broken.json").write_text('{"id": "1", "text": ', encoding="utf-8")
    records = [
        {"id": "y0", "text": "Rebels attacked a village near Goma.", "published_at": "0000-01-01"},
        {
            "id": "y9",
            "text": "Rebels left the village near Beni on Monday, the army said.",
            "published_at": "9999-12-31",
        },
        {"id": "nul", "text": "Police arrested\x00 four men in Lagos.", "published_at": "2024-05-08"},
    ]
    lines = [json.dumps(record) for record in records]
    lines.append('{"id": "half", "text": "Troops shelled \\ud800 the town of Bakhmut.", "published_at": "2024-05-08"}')
    (folder / "records.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with (folder / "long_line.jsonl").open("w", encoding="utf-8") as out:
        out.write(json.dumps({"id": "long", "text": "x" * 50_000_000}) + "\n")
        out.write(json.dumps({"id": "short", "text": "A bomb exploded in Quetta.", "date": "2024-05-08"}) + "\n")
    return folder


def test_each_bad_input_is_one_reject_and_the_good_beside_it_is_kept(bad_folder: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    assert run(bad_folder, "--lake", lake) == 0
    found = rows(lake, "select split_part(origin, '/', -1), reason, count(*) from rejects group by all order by all")
    assert found == [
        ("binary.txt", "binary", 1),
        ("broken.json", "bad_json", 1),
        ("empty.txt", "empty", 1),
        ("long_line.jsonl", "too_large", 1),
        ("no_text.json", "missing_text", 1),
        ("records.jsonl", "bad_date", 2),
        ("records.jsonl", "bad_encoding", 2),
        ("truncated.txt.gz", "truncated", 1),
    ]
    kept = rows(lake, "select entry_id, date::text, date_source from articles order by entry_id nulls last")
    assert kept == [
        ("half", "2024-05-08", "file"),
        ("nul", "2024-05-08", "file"),
        ("short", "2024-05-08", "file"),
        ("y0", "2025-01-01", "ingest"),
        ("y9", "2025-01-01", "ingest"),
        (None, "2024-05-08", "header"),
    ]
    before = data_digests(lake)
    assert run(bad_folder, "--lake", lake) == 0
    assert data_digests(lake) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_without_read_permission_is_a_reject(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "closed").mkdir(parents=True)
    (folder / "good.txt").write_text(GOOD, encoding="utf-8")
    (folder / "closed").chmod(0)
    assert run(folder, "--lake", tmp_path / "lake") == 0
    assert rows(tmp_path / "lake", "select reason from rejects") == [("unreadable",)]


def test_a_path_that_does_not_exist_is_bad_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "nothing.txt", "--lake", tmp_path / "lake") == 2
    assert "nothing.txt" in capsys.readouterr().err
    assert not (tmp_path / "lake" / "catalog.duckdb").exists()


def test_a_lake_of_a_newer_schema_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lake = tmp_path / "lake"
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    assert run(tmp_path / "good.txt", "--lake", lake) == 0
    newest = max((lake / "_snapshots").iterdir())
    state = json.loads(newest.read_text())
    state["schema_version"] += 1
    newest.write_text(json.dumps(state))
    assert run(tmp_path / "good.txt", "--lake", lake) == 2
    assert "newer" in capsys.readouterr().err


def test_an_unknown_model_is_bad_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    assert run(tmp_path / "good.txt", "--lake", tmp_path / "lake", "--model", "no_such_model") == 2
    assert "no_such_model" in capsys.readouterr().err
