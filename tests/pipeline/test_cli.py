"""The commands, their flags and exit statuses."""

import errno
import json
import shutil
from pathlib import Path

import pytest

from newsbeam.pipeline.cli import main
from newsbeam.transforms.lake.storage import Storage
from tests.pipeline.lakes import rows


def test_no_command_and_unknown_commands_are_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main(["fly"]) == 2
    assert "fly" in capsys.readouterr().err


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    for command in ("run", "sql", "show", "compact", "feeds", "doctor"):
        assert f"\n  {command} " in said
        assert main([command, "--help"]) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["--no_such_flag"],
        ["--window_seconds", "0"],
        ["--chunk_articles", "none"],
        ["--runner", "DaskRunner"],
        ["--streaming", "--runner", "FlinkRunner"],
        ["--streaming", "--runner", "DirectRunner"],
    ],
)
def test_bad_flags_are_refused_before_anything_runs(arguments: list[str], tmp_path: Path) -> None:
    assert main(["run", str(tmp_path), "--lake", str(tmp_path / "lake"), *arguments]) == 2
    assert not (tmp_path / "lake").exists()


def test_sql_prints_rows_and_refuses_writes(seed_lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sql", "select count(*) n from articles", "--lake", str(seed_lake), "--csv"]) == 0
    assert capsys.readouterr().out.split() == ["n", "1"]
    assert main(["sql", "select nothing from articles", "--lake", str(seed_lake)]) == 2
    assert main(["sql", "create table t (a int)", "--lake", str(seed_lake)]) == 2
    assert main(["sql", "select 1", "--lake", str(seed_lake / "none")]) == 2


def test_show_marks_the_evidence(seed_lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [(event_id, sentence)] = rows(
        seed_lake, "select event_id, sentence from events where place_name = 'Ramallah' and type = 'CONSULT' limit 1"
    )
    assert main(["show", event_id[:12], "--lake", str(seed_lake)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert " ".join(sentence.split())[:60] in said
    assert "CONSULT" in said and "Ramallah" in said


def test_show_without_id_lists_and_with_a_wrong_one_fails(seed_lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "--lake", str(seed_lake)]) == 0
    assert "Events" in capsys.readouterr().out
    assert main(["show", "zzzz", "--lake", str(seed_lake)]) == 2


def test_doctor_finds_a_sound_lake_sound_and_a_torn_one_torn(
    seed_lake: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lake = tmp_path / "lake"
    shutil.copytree(seed_lake, lake)
    assert main(["doctor", "--lake", str(lake)]) == 0
    torn = next(path for path in lake.rglob("*.parquet") if "/events/" in str(path))
    torn.write_bytes(torn.read_bytes()[:-100])
    assert main(["doctor", "--lake", str(lake)]) == 1
    assert torn.name in " ".join(capsys.readouterr().err.split()).replace(" ", "")


def _flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_doctor_names_a_flipped_byte(seed_lake: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lake = Path(shutil.copytree(seed_lake, tmp_path / "lake"))
    bad = next(path for path in lake.rglob("*.parquet") if "/figures/" in str(path))
    _flipped(bad)
    assert main(["doctor", "--lake", str(lake)]) == 1
    said = capsys.readouterr().err
    assert bad.name in said and "other bytes than were written" in said and "restore it" in said


def test_doctor_names_a_torn_snapshot(seed_lake: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lake = Path(shutil.copytree(seed_lake, tmp_path / "lake"))
    newest = max((lake / "_snapshots").iterdir())
    newest.write_bytes(newest.read_bytes()[:-40])
    assert main(["doctor", "--lake", str(lake)]) == 1
    assert f"{newest.name} is no snapshot" in capsys.readouterr().err
    assert main(["sql", "select 1", "--lake", str(lake)]) == 2
    assert "newsbeam doctor --lake" in capsys.readouterr().err


def test_compact_refuses_a_damaged_file(seed_lake: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lake = Path(shutil.copytree(seed_lake, tmp_path / "lake"))
    _flipped(next(path for path in lake.rglob("*.parquet") if "/events/" in str(path)))
    before = sorted(lake.rglob("*.json"))
    assert main(["compact", "--lake", str(lake)]) == 1
    said = capsys.readouterr().err
    assert "is not as it was written" in said and "newsbeam doctor --lake" in said
    assert sorted(lake.rglob("*.json")) == before


def test_compact_on_a_full_disk_changes_nothing(
    seed_lake: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Path(shutil.copytree(seed_lake, tmp_path / "lake"))
    before = sorted(path for path in lake.rglob("*") if path.is_file())

    def full(_storage: Storage, path: str, content: bytes) -> None:
        Path(path).write_bytes(content[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Storage, "write_temp", full)
    assert main(["compact", "--lake", str(lake)]) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert main(["doctor", "--lake", str(lake)]) == 1
    assert "is full: [Errno 28]" in capsys.readouterr().err
    assert sorted(path for path in lake.rglob("*") if path.is_file()) == before


def test_feeds_of_a_lake_without_feeds(seed_lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds", "--lake", str(seed_lake)]) == 0
    assert main(["feeds", "--lake", str(seed_lake), "--json"]) == 0
    assert [line for line in capsys.readouterr().out.splitlines() if line.startswith("{")] == []


def test_compact_keeps_every_row(seed_lake: Path, tmp_path: Path) -> None:
    from tests.pipeline.lakes import tables

    lake = tmp_path / "lake"
    shutil.copytree(seed_lake, lake)
    # the copy's catalog still names the first lake's files: a compaction writes it anew
    assert main(["compact", "--lake", str(lake), "--retain", "0s"]) == 0
    assert tables(lake) == tables(seed_lake)
    assert main(["compact", "--lake", str(lake), "--retain", "soon"]) == 2
    assert main(["compact", "--lake", str(lake), "--expire", "5h"]) == 2
    assert json.loads(max((lake / "_snapshots").iterdir()).read_text())
