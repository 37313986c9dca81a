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
    return _lake_of(SEED_ARTICLE, tmp_path_factory)


@pytest.fixture(scope="session")
def seeds_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake of all seeds."""
    return _lake_of(SEEDS, tmp_path_factory)


def _lake_of(source: Path, folders: pytest.TempPathFactory) -> Path:
    lake = folders.mktemp("shared") / "lake"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", EPOCH)
        assert run(source, "--lake", lake) == 0
    return lake
