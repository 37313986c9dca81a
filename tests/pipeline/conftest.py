"""Lakes that several tests of a process look into."""

from pathlib import Path

import pytest

from tests.pipeline.lakes import EPOCH, SEED_ARTICLE, SEEDS, run


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)


@pytest.fixture(scope="session")
def seed_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake of the given article alone."""
    patch = pytest.MonkeyPatch()
    patch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    lake = tmp_path_factory.mktemp("seed") / "lake"
    try:
        assert run(SEED_ARTICLE, "--lake", lake) == 0
    finally:
        patch.undo()
    return lake


@pytest.fixture(scope="session")
def seeds_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake of all seeds."""
    patch = pytest.MonkeyPatch()
    patch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    lake = tmp_path_factory.mktemp("seeds") / "lake"
    try:
        assert run(SEEDS, "--lake", lake) == 0
    finally:
        patch.undo()
    return lake
