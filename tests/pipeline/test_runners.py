"""The same input through every runner that can be had here leaves the same tables; the others are told by name."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from apache_beam.options.pipeline_options import PortableOptions, PrismRunnerOptions, StandardOptions

from newsbeam.pipeline import runners
from newsbeam.pipeline.arguments import parse_run
from newsbeam.pipeline.prism import prove_answers
from newsbeam.pipeline.runners import PATIENCE_SECONDS, FlinkFlags, is_local, is_loopback
from tests.pipeline.growing import wait_for, why_no_prism
from tests.pipeline.lakes import EPOCH, SEED_ARTICLE, SEEDS, rows, tables

needs_prism = pytest.mark.skipif(why_no_prism() is not None, reason=str(why_no_prism()))
_FLINK = ("--streaming", "--runner", "FlinkRunner", "--flink_master", "host:8081")


def test_files_go_to_the_runner_in_process() -> None:
    options = parse_run(["a.txt"]).options
    assert options.view_as(StandardOptions).runner == "FnApiRunner"
    assert is_local(options) and is_loopback(options)


@pytest.mark.parametrize("named", [[], ["--runner", "PrismRunner"]], ids=["unnamed", "named"])
def test_a_stream_goes_to_prism_in_this_process(named: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runners, "prism_binary", lambda: "/opt/prism")
    options = parse_run(["feeds.opml", "--streaming", *named]).options
    assert options.view_as(StandardOptions).runner == "PrismRunner"
    assert options.view_as(PortableOptions).environment_type == "LOOPBACK"
    assert options.view_as(PrismRunnerOptions).prism_location == "/opt/prism"
    assert is_local(options) and is_loopback(options)


def test_what_the_user_says_of_prism_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runners, "prism_binary", lambda: "/opt/prism")
    given = ["--runner", "PrismRunner", "--prism_location", "/mine", "--environment_type", "EXTERNAL"]
    options = parse_run(["a.txt", *given, "--environment_config", "localhost:5000"]).options
    assert options.view_as(PrismRunnerOptions).prism_location == "/mine"
    assert options.view_as(PortableOptions).environment_type == "EXTERNAL"
    assert not is_loopback(options)


def test_without_a_binary_beam_fetches_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runners, "prism_binary", lambda: None)
    assert parse_run(["feeds.opml", "--streaming"]).options.view_as(PrismRunnerOptions).prism_location is None


@pytest.mark.parametrize(
    ("flags", "seconds"),
    [
        (["--streaming"], PATIENCE_SECONDS),
        (["--runner", "PrismRunner"], PATIENCE_SECONDS),
        ([*_FLINK, "--checkpointing_interval", "10000"], PATIENCE_SECONDS),
        (["--streaming", "--job_server_timeout", "60"], 60),
        ([], 300),
    ],
)
def test_a_job_may_run_longer_than_a_job_server_may_be_silent(flags: list[str], seconds: int) -> None:
    assert parse_run(["feeds.opml", *flags]).options.view_as(PortableOptions).job_server_timeout == seconds


def test_a_job_server_that_is_not_there_is_an_error() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))  # and nobody listens
        with pytest.raises(ConnectionError, match="no job server answers"):
            prove_answers(f"127.0.0.1:{probe.getsockname()[1]}", seconds=0.3)


def test_flink_gets_what_it_must_have() -> None:
    flags = ("--checkpointing_interval", "10000", "--parallelism", "4", "--number_of_execution_retries", "2")
    options = parse_run(["feeds.opml", *_FLINK, *flags, "--environment_type", "EXTERNAL"]).options
    said = options.get_all_options(drop_default=True)
    expected = {
        "runner": "FlinkRunner", "streaming": True, "checkpointing_interval": 10_000, "parallelism": 4,
        "number_of_execution_retries": 2, "finish_bundle_before_checkpointing": True, "environment_type": "EXTERNAL",
    }  # fmt: skip
    assert {name: said.get(name) for name in expected} == expected
    assert not is_local(options)


def test_flink_flags_reach_the_options_of_every_runner() -> None:
    said = parse_run(["a", "--runner", "PortableRunner", "--savepoint_path", "gs://b/s", "--object_reuse"]).options
    assert said.view_as(FlinkFlags).savepoint_path == "gs://b/s"
    assert said.get_all_options(drop_default=True)["object_reuse"] is True


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        (["--runner", "apache_beam.runners.dask.dask_runner.DaskRunner"], "ignores output tags"),
        (["--runner", "FnApiRunner", "--streaming"], "writes nothing until the source ends"),
        (["--runner", "DirectRunner", "--streaming"], "leave --runner away"),
        ([*_FLINK], "add --checkpointing_interval"),
        (["--runner", "PortableRunner", "--streaming"], "without checkpoints is refused"),
        ([*_FLINK, "--checkpointing_interval", "0"], "without checkpoints is refused"),
        (["--checkpointing_intervall", "10000"], "unrecognized arguments"),
    ],
)
def test_what_would_lose_rows_is_refused_with_the_reason(
    flags: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_:
        parse_run(["feeds.opml", *flags])
    assert exit_.value.code == 2
    assert reason in capsys.readouterr().err


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def _worker_pool(log: Path) -> Iterator[str]:
    """Beam's pool of Python workers in other processes; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "apache_beam.runners.worker.worker_pool_main", f"--service_port={port}"]
    with log.open("wb") as output:
        # the pool starts its workers as `python`
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        process = subprocess.Popen(command, stdout=output, stderr=output, env={**os.environ, "PATH": path})
    try:
        wait_for(lambda: _answers(port), 60)
        yield f"localhost:{port}"
    finally:
        process.terminate()
        process.wait()


def _run(folder: Path, lake: Path, *flags: object) -> dict[str, list[tuple[object, ...]]]:
    command = [sys.executable, "-m", "newsbeam.pipeline.cli", "run", folder, "--lake", lake, *flags]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
    done = subprocess.run([*map(str, command)], env=environment, capture_output=True, text=True, timeout=170)
    assert done.returncode == 0, done.stderr[-3000:]
    return tables(lake)


@pytest.mark.slow
@needs_prism
def test_every_runner_leaves_the_same_tables(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for path in sorted(SEEDS.glob("0*")):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / f"copy-{SEED_ARTICLE.name}").write_bytes(SEED_ARTICLE.read_bytes() + b"\nCopied by the desk.\n")
    (folder / "bad.jsonl").write_text('{"title": \n')
    expected = _run(folder, tmp_path / "fnapi")
    assert min(len(expected[name]) for name in ("articles", "links", "events", "figures", "rejects")) > 0
    assert rows(tmp_path / "fnapi", "select count(*) from articles where text is null") == [(0,)]
    processes = ("--direct_running_mode", "multi_processing", "--direct_num_workers", 2)
    assert _run(folder, tmp_path / "processes", *processes) == expected
    assert _run(folder, tmp_path / "prism", "--runner", "PrismRunner") == expected
    with _worker_pool(tmp_path / "pool.log") as address:
        external = ("--environment_type", "EXTERNAL", "--environment_config", address)
        assert _run(folder, tmp_path / "pool", "--runner", "PrismRunner", *external) == expected
