"""Have the processes that read facts loading while Beam is imported, and let Beam's worker processes use them."""

import argparse
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

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


def prove_model(model: str, options: "PipelineOptions") -> None:
    """Wait until facts can be read here. Raises ModelMissing."""
    from newsbeam.pipeline.runners import is_loopback

    own_readers(model, local_workers(options)).wait_until_ready()
    if not is_loopback(options):  # the runner's workers are elsewhere, and have their own
        close_readers(model)


def local_workers(options: "PipelineOptions") -> int:
    """How many workers a runner on this machine has; 1 where it is elsewhere."""
    from newsbeam.pipeline.runners import is_local

    return _count(_direct(options).direct_num_workers) if is_local(options) else 1


@contextmanager
def readers_at_hand(model: str, options: "PipelineOptions") -> Iterator[None]:
    """Within, workers that Beam starts on this machine ask the readers of this process."""
    from newsbeam.pipeline.runners import is_in_process

    has_children = is_in_process(options) and _direct(options).direct_running_mode == "multi_processing"
    try:
        with shared_with_children(own_readers(model)) if has_children else nullcontext():
            yield
    except KeyboardInterrupt:
        close_readers(model)  # a thread of Beam that waits for an article would hold up the end
        raise


def _direct(options: "PipelineOptions") -> Any:
    from apache_beam.options.pipeline_options import DirectOptions

    return options.view_as(DirectOptions)


def _count(workers: int) -> int:
    """As many as Beam makes of its own flag: 0 is one a core."""
    return workers if workers > 0 else os.cpu_count() or 1
