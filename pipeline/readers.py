"""Have the processes that read facts loading while Beam is imported, and let Beam's worker processes use them."""

import argparse
import os
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from newsbeam.transforms.extraction.model import DEFAULT_MODEL
from newsbeam.transforms.extraction.sharing import close_readers, own_readers, shared_with_children

if TYPE_CHECKING:  # importing Beam takes more than a second, in which the readers are to load
    from apache_beam.options.pipeline_options import PipelineOptions


def start_readers(arguments: Sequence[str]) -> None:
    """Start what `newsbeam run` with these arguments will ask, if they are sound; it is seen to that later."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--direct_num_workers", type=int, default=1)
    try:
        parsed, rest = parser.parse_known_args(arguments)
    except argparse.ArgumentError:
        return
    if not {"-h", "--help"} & set(rest):
        own_readers(parsed.model, _count(parsed.direct_num_workers))


def ready_readers(model: str, options: "PipelineOptions") -> AbstractContextManager[None]:
    """Wait until facts can be read. Within, Beam's workers on this machine find who reads them.

    Raises ModelMissing. Where the runner's workers are elsewhere the model was only tried.
    """
    from apache_beam.options.pipeline_options import DirectOptions

    from newsbeam.pipeline.runners import is_local, is_loopback

    direct = options.view_as(DirectOptions)
    pool = own_readers(model, _count(direct.direct_num_workers) if is_local(options) else 1)
    pool.wait_until_ready()
    if not is_loopback(options):
        close_readers(model)
    elif direct.direct_running_mode == "multi_processing" and is_local(options):
        return shared_with_children(pool)
    return nullcontext()


def _count(workers: int) -> int:
    """As many as Beam makes of its own flag: 0 is one a core."""
    return workers if workers > 0 else os.cpu_count() or 1
