"""Extract the facts of stored articles anew, without reading their files."""

from pathlib import Path

import pytest

from newsbeam.pipeline.cli import main
from newsbeam.transforms.extraction.sharing import close_readers
from tests.pipeline.lakes import rows, run, tables
from tests.pipeline.odd_models import odd_model

SPAN = "2024-05-01..2024-05-31"


def test_a_rebuild_replaces_facts_once_and_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = tmp_path / "lake"
    text = "date 2024-05-08\nGunmen killed two people in Kano on Monday, police said."
    (tmp_path / "one.txt").write_text(text, encoding="utf-8")
    assert run(tmp_path / "one.txt", "--lake", lake) == 0
    before = tables(lake)
    (tmp_path / "one.txt").unlink()
    assert main(["run", "--rebuild", SPAN, "--lake", str(lake)]) == 0
    assert tables(lake) == before
    newer = "import newsbeam.transforms.figures.reader as reader; reader.FIGURES_VERSION = 'figures-test'"
    model = odd_model(tmp_path / "models", monkeypatch, "pass", first=newer)
    assert main(["run", "--rebuild", SPAN, "--lake", str(lake), "--model", model]) == 0
    close_readers(model)
    assert rows(lake, "select value, coder_version from figures") == [(2.0, "figures-test")]
    assert rows(lake, "select * exclude (coder_version) from figures") == [row[:-1] for row in before["figures"]]
    assert tables(lake)["events"] == before["events"]


def test_days_outside_the_span_stay(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    (tmp_path / "one.txt").write_text("date 2024-05-08\nGunmen killed two people in Kano.", encoding="utf-8")
    assert run(tmp_path / "one.txt", "--lake", lake) == 0
    before = tables(lake)
    assert main(["run", "--rebuild", "2023-01-01..2023-01-31", "--lake", str(lake)]) == 0
    assert tables(lake) == before


@pytest.mark.parametrize("span", ["2024-05-01", "2024-05-31..2024-05-01", "soon..later"])
def test_a_span_that_is_none_is_bad_usage(span: str, tmp_path: Path) -> None:
    assert main(["run", "--rebuild", span, "--lake", str(tmp_path / "lake")]) == 2


def test_paths_and_a_rebuild_together_are_bad_usage(tmp_path: Path) -> None:
    assert main(["run", str(tmp_path), "--rebuild", SPAN, "--lake", str(tmp_path / "lake")]) == 2
