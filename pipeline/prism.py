"""Run Prism beside this process, for as long as this process lives."""

import logging
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from apache_beam.options.pipeline_options import PipelineOptions, PortableOptions, PrismRunnerOptions

from newsbeam.pipeline.runners import name_of

logger = logging.getLogger(__name__)

#: Reads until this process closes the pipe or ends in whatever way, and then ends Prism.
_GUARD = 'exec 3<&0; "$@" </dev/null 3<&- & cat <&3 >/dev/null; kill -9 $!'


@contextmanager
def prism_of_its_own(options: PipelineOptions) -> Iterator[None]:
    """Where the runner is Prism and its binary is on this machine, run it while the context lasts.

    Beam would start it so that Ctrl-C ends it before a stream has drained, and kill -9 leaves it behind.
    """
    portable = options.view_as(PortableOptions)
    binary = options.view_as(PrismRunnerOptions).prism_location
    if name_of(options) != "prismrunner" or portable.job_endpoint or not binary or not Path(binary).is_file():
        yield
        return
    port = _free_port()
    command = [binary, f"--job_port={port}", "--serve_http=false", "--log_level=error", "--log_kind=text"]
    guard = subprocess.Popen(
        ["sh", "-c", _GUARD, "sh", *command],
        stdin=subprocess.PIPE,
        start_new_session=True,  # signals of the terminal do not reach it
    )
    assert guard.stdin is not None
    portable.job_endpoint = f"localhost:{port}"
    try:
        yield
    finally:
        portable.job_endpoint = None
        guard.stdin.close()
        guard.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
