"""Run Prism beside this process, for as long as this process lives."""

import logging
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import grpc  # type: ignore[import-untyped]
from apache_beam.options.pipeline_options import PipelineOptions, PortableOptions, PrismRunnerOptions

from newsbeam.pipeline.runners import name_of

logger = logging.getLogger(__name__)

#: Reads until this process closes the pipe or ends in whatever way, and then ends Prism. A process that could say no
#: last word (killed, out of memory, a crash in a parser) has not written its farewell; then the guard speaks for it.
_GUARD = """exec 3<&0; "$@" </dev/null 3<&- & said=$(cat <&3); kill -9 $!
[ "$said" ] || echo "$NEWSBEAM_LAST_WORD" >&2"""
_START_SECONDS = 60.0
_FAREWELL = b"bye"
_LAST_WORD = (
    "newsbeam: the process died without a word: it was killed, ran out of memory, or its parser crashed on an article; "
    "windows that were written stay, the same command goes on from there"
)


@contextmanager
def prism_of_its_own(options: PipelineOptions) -> Iterator[None]:
    """Where the runner is Prism and its binary is on this machine, run it while the context lasts.

    Beam would start it so that Ctrl-C ends it before a stream has drained, and kill -9 leaves it behind.
    """
    portable = options.view_as(PortableOptions)
    binary = options.view_as(PrismRunnerOptions).prism_location
    if name_of(options) != "prismrunner" or portable.job_endpoint or not binary or not Path(binary).is_file():
        prove_job_server(options)
        yield
        return
    port = _free_port()
    command = [binary, f"--job_port={port}", "--serve_http=false", "--log_level=error", "--log_kind=text"]
    guard = subprocess.Popen(
        ["sh", "-c", _GUARD, "sh", *command],
        stdin=subprocess.PIPE,
        env={**os.environ, "NEWSBEAM_LAST_WORD": _LAST_WORD},
        start_new_session=True,  # signals of the terminal do not reach it
    )
    assert guard.stdin is not None
    portable.job_endpoint = f"localhost:{port}"
    try:
        prove_answers(portable.job_endpoint)
        yield
    finally:
        portable.job_endpoint = None
        with suppress(OSError):  # somebody ended the guard
            guard.stdin.write(_FAREWELL)
            guard.stdin.close()
        guard.wait()


def prove_job_server(options: PipelineOptions) -> None:
    """Raise ConnectionError where the options name a job server that does not answer."""
    endpoint = options.view_as(PortableOptions).job_endpoint
    if endpoint and endpoint != "embed":
        prove_answers(endpoint)


def prove_answers(endpoint: str, seconds: float = _START_SECONDS) -> None:
    """Raise ConnectionError where no job server answers within that time; Beam would wait without end."""
    with grpc.insecure_channel(endpoint) as channel:
        try:
            grpc.channel_ready_future(channel).result(timeout=seconds)
        except grpc.FutureTimeoutError:
            raise ConnectionError(f"no job server answers at {endpoint}") from None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
