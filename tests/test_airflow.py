"""The DAG runs in a real Airflow, in an environment of its own as in use; deploy/airflow/install.sh makes it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
AIRFLOW = ROOT / ".airflow" / "bin" / "airflow"
HINT = "Airflow is not installed: sh deploy/airflow/install.sh"


@pytest.mark.slow
@pytest.mark.skipif(not AIRFLOW.exists() and "CI" not in os.environ, reason=HINT)
def test_the_dag_fills_a_lake(tmp_path: Path) -> None:
    assert AIRFLOW.exists(), HINT
    environment = {
        **os.environ,
        "PATH": f"{AIRFLOW.parent}{os.pathsep}{os.environ['PATH']}",
        "AIRFLOW_HOME": str(tmp_path),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "deploy" / "airflow"),
        "AIRFLOW_VAR_NEWSBEAM_FEEDS": str(ROOT / "seeds"),
        "AIRFLOW_VAR_NEWSBEAM_LAKE": str(tmp_path / "lake"),
        "NEWSBEAM_PYTHON": sys.executable,
    }

    def airflow(*words: str, seconds: int = 240) -> str:
        return subprocess.run(
            [AIRFLOW, *words], env=environment, timeout=seconds, check=True, text=True, stdout=subprocess.PIPE
        ).stdout

    airflow("db", "migrate")
    airflow("tasks", "test", "newsbeam", "poll")  # one try; it says 0 even when the task fails, so the lake is asked
    found = subprocess.run(
        [sys.executable, "-m", "newsbeam.pipeline.cli", "sql", "select count(*) > 20 as ok from articles", "--lake",
         str(tmp_path / "lake")], check=True, text=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert "true" in found.stdout.lower()
