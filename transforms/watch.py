"""Beam's Watch as WatchFeeds needs it: its progress can be asked at any moment."""

from typing import Any

from apache_beam.coders.typecoders import registry
from apache_beam.io.iobase import RestrictionProgress
from apache_beam.io.watch import PollFn, TerminationCondition, _GrowthRestrictionTracker, _WatchGrowthDoFn
from apache_beam.utils.timestamp import Duration

from newsbeam.transforms.polling.watching import RETAIN_SECONDS


def watching(look: PollFn, *, seconds: float, end: TerminationCondition) -> "_WatchFn":
    """The DoFn of a Watch that looks at an element again and again, `seconds` apart, and gives each output once."""
    coder = registry.get_coder(tuple[str, bytes])
    return _WatchFn(look, end, Duration(seconds), coder, _same, coder, True, Duration(RETAIN_SECONDS))


def _same(output: Any) -> Any:
    return output


class _WatchFn(_WatchGrowthDoFn):
    """Beam 2.77 takes the bytes put out so far for the progress of an element. They are no number while the first one
    is on its way; a runner that asks to split the bundle at that moment, as Prism does with a slow one, gets an error,
    and the job fails.
    """

    def create_tracker(self, restriction: Any) -> "_Tracker":
        return _Tracker(restriction, self._key_fn, self._key_coder, self._timestamp_cursor, self._allowed_lateness)


class _Tracker(_GrowthRestrictionTracker):
    def current_progress(self) -> RestrictionProgress:
        return _Progress(fraction=1.0 if self._should_stop else 0.0)


class _Progress(RestrictionProgress):
    def __init__(self, fraction: float) -> None:
        super().__init__(fraction=fraction)  # type: ignore[no-untyped-call]  # Beam's has no types

    def with_completed(self, completed: Any) -> RestrictionProgress:
        return self
