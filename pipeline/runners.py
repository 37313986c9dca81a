"""Which runners newsbeam runs on, and the flags that each of them must have."""

import argparse
import os
import shutil
from pathlib import Path

from apache_beam.options.pipeline_options import (
    PipelineOptions,
    PortableOptions,
    PrismRunnerOptions,
    StandardOptions,
)

LOCAL = "DirectRunner"
#: Runners that gave wrong answers without an error when they were tried (ARCHITECTURE.md).
REFUSED = {"dask": "it ignores output tags: rejects and facts end up in the wrong tables, without an error"}
#: Beam's deadline for an answer of the job server, 300 s, is its deadline for the whole stream of a job's states too:
#: without this a job on a portable runner "fails" for its client five minutes after its start.
PATIENCE_SECONDS = 10 * 365 * 86_400
_PORTABLE = {"prismrunner", "portablerunner", "flinkrunner", "sparkrunner"}
_IN_PROCESS = {"directrunner", "fnapirunner", "bundlebaseddirectrunner"}


class RunnerRefused(Exception):
    """The runner, or its settings, would lose or double rows."""


class FlinkFlags(PipelineOptions):
    """Flags that Flink's job server takes and Beam's Python classes do not know."""

    @classmethod
    def _add_argparse_args(cls, parser: argparse.ArgumentParser) -> None:
        for name, text in _FLINK_NUMBERS.items():
            parser.add_argument(f"--{name}", type=int, help=text)
        for name, text in _FLINK_SWITCHES.items():
            parser.add_argument(f"--{name}", action="store_true", default=False, help=text)
        for name, text in _FLINK_TEXTS.items():
            parser.add_argument(f"--{name}", help=text)


_FLINK_NUMBERS = {
    "checkpointing_interval": "Flink: milliseconds between checkpoints; a must with --streaming",
    "checkpoint_timeout_millis": "Flink: a checkpoint that takes longer is given up",
    "min_pause_between_checkpoints": "Flink: milliseconds",
    "number_of_concurrent_checkpoints": "Flink: checkpoints under way at once",
    "tolerable_checkpoint_failure_number": "Flink: checkpoints that may fail in a row",
    "number_of_execution_retries": "Flink: how often a failed job is started again; without it, without end",
    "execution_retry_delay": "Flink: milliseconds before a failed job is started again",
    "max_bundle_size": "Flink: elements of a bundle",
    "max_bundle_time_mills": "Flink: milliseconds of a bundle",
    "shutdown_sources_after_idle_ms": "Flink: when sources that have ended are shut down",
    "auto_watermark_interval": "Flink: milliseconds between watermarks",
}
_FLINK_SWITCHES = {
    "finish_bundle_before_checkpointing": "Flink: set by newsbeam where checkpoints are taken",
    "allow_non_restored_state": "Flink: start from a savepoint though a step of it is gone",
    "externalized_checkpoints_enabled": "Flink: keep checkpoints of a cancelled job",
    "retain_externalized_checkpoints_on_cancellation": "Flink: as it says",
    "fail_on_checkpointing_errors": "Flink: as it says",
    "unaligned_checkpoint_enabled": "Flink: as it says",
    "object_reuse": "Flink: as it says",
    "operator_chaining": "Flink: as it says",
}
_FLINK_TEXTS = {
    "savepoint_path": "Flink: start from this savepoint",
    "state_backend": "Flink: rocksdb or filesystem",
    "state_backend_storage_path": "Flink: where checkpoints lie",
    "checkpointing_mode": "Flink: EXACTLY_ONCE or AT_LEAST_ONCE",
    "execution_mode_for_batch": "Flink: PIPELINED or BATCH",
}


def name_of(options: PipelineOptions) -> str:
    """The runner's name in small letters, without its module; "" where none was named."""
    return (options.view_as(StandardOptions).runner or "").rsplit(".", 1)[-1].lower()


def is_local(options: PipelineOptions) -> bool:
    """Whether the run stays in this process or its children, where a large input must be cut into chunks."""
    name = name_of(options) or LOCAL.lower()
    return name in _IN_PROCESS or name == "prismrunner"


def is_in_process(options: PipelineOptions) -> bool:
    """Whether Beam's own Python runner runs it, here or in processes that it starts."""
    return (name_of(options) or LOCAL.lower()) in _IN_PROCESS


def is_loopback(options: PipelineOptions) -> bool:
    """Whether the user code runs in this process, so that it hears of a signal."""
    return options.view_as(PortableOptions).environment_type == "LOOPBACK" or name_of(options) in _IN_PROCESS


def preset(options: PipelineOptions) -> list[str]:
    """Flags that the chosen runner must have beside the user's own. Raises RunnerRefused with the reason."""
    standard = options.view_as(StandardOptions)
    name = name_of(options)
    for word, reason in REFUSED.items():
        if word in name:
            raise RunnerRefused(f"--runner {standard.runner} is refused: {reason}")
    if standard.streaming:
        return [*_streaming_preset(name, options), *_patience(name or "prismrunner", options)]
    if name in ("", "directrunner"):
        # Beam's DirectRunner first tries to download a Go binary; the in-process runner is what it falls back to.
        return ["--runner", "FnApiRunner"]
    return [*(_prism_flags(options) if name == "prismrunner" else []), *_patience(name, options)]


def _patience(name: str, options: PipelineOptions) -> list[str]:
    """A deadline that no job meets, unless the user named one."""
    default = PortableOptions().job_server_timeout
    is_named = options.view_as(PortableOptions).job_server_timeout != default
    return [] if is_named or name not in _PORTABLE else ["--job_server_timeout", str(PATIENCE_SECONDS)]


def _streaming_preset(name: str, options: PipelineOptions) -> list[str]:
    if name in _IN_PROCESS:
        raise RunnerRefused(
            f"--runner {name} with --streaming is refused: it runs stage by stage and writes nothing until the "
            "source ends; leave --runner away (Prism) or name a streaming runner"
        )
    if name in ("", "prismrunner"):
        return ["--runner", "PrismRunner", *_prism_flags(options)]
    if "flink" in name or name == "portablerunner":
        if (options.view_as(FlinkFlags).checkpointing_interval or 0) <= 0:
            raise RunnerRefused(
                "a streaming job on Flink without checkpoints is refused: delays are ignored and feeds would be "
                "asked a hundred times a second; add --checkpointing_interval 10000"
            )
        # Without it 1 of 15 checkpointed stateful runs was complete (ARCHITECTURE.md).
        return ["--finish_bundle_before_checkpointing"]
    return []


def _prism_flags(options: PipelineOptions) -> list[str]:
    flags = [] if options.view_as(PortableOptions).environment_type else ["--environment_type", "LOOPBACK"]
    binary = None if options.view_as(PrismRunnerOptions).prism_location else prism_binary()
    return [*flags, "--prism_location", binary] if binary else flags


def prism_binary() -> str | None:
    """Path of a Prism binary of this machine, as deploy/prism.sh builds it; None where there is none."""
    places = (shutil.which("prism"), os.path.expanduser("~/go/bin/prism"))
    return next((place for place in places if place and Path(place).is_file()), None)
