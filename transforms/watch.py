"""Beam's Watch as WatchFeeds needs it: its progress can be asked at any moment, and nothing that it gives is late."""

# ruff: noqa: B008  Beam takes parameters as defaults

from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.coders.typecoders import registry
from apache_beam.io.iobase import RestrictionProgress
from apache_beam.io.watch import PollFn, TerminationCondition, _GrowthRestrictionTracker, _WatchGrowthDoFn
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import Duration

#: Outputs that lie further behind the newest one count as given. A look at many hosts takes seconds, and hosts that it
#: comes to late may have newer rows than those that come next time. Beam keeps the hashes of the outputs in between.
_SEEN_SECONDS = 600.0


def watching(look: PollFn, *, seconds: float, end: TerminationCondition) -> "_WatchFn":
    """The DoFn of a Watch that looks at an element again and again, `seconds` apart, and gives each output once."""
    coder = registry.get_coder(tuple[str, bytes])
    return _WatchFn(look, end, Duration(seconds), coder, _same, coder, True, Duration(_SEEN_SECONDS))


def _same(output: Any) -> Any:
    return output


class _WatchFn(_WatchGrowthDoFn):
    """Gives outputs that come behind the watermark the instant of the watermark.

    A worker whose clock is behind that of the one before it would give late ones. The state of a feed and its articles
    would then be committed apart, and a kill in between would lose the articles: late panes wait for nothing.
    """

    @beam.DoFn.unbounded_per_element()  # type: ignore[untyped-decorator]  # Beam's has no types
    def process(
        self,
        element: Any,
        timestamp: Any = beam.DoFn.TimestampParam,
        tracker: Any = beam.DoFn.RestrictionParam(),
        watermark_estimator: Any = beam.DoFn.WatermarkEstimatorParam(ManualWatermarkEstimator.default_provider()),
    ) -> Iterator[Any]:
        reached = watermark_estimator.current_watermark()
        for output in super().process(element, timestamp, tracker, watermark_estimator):
            is_late = reached is not None and output.timestamp < reached
            yield TimestampedValue(output.value, reached) if is_late else output

    def create_tracker(self, restriction: Any) -> "_Tracker":
        return _Tracker(restriction, self._key_fn, self._key_coder, self._timestamp_cursor, self._allowed_lateness)


class _Tracker(_GrowthRestrictionTracker):
    """Beam 2.77 takes the bytes put out so far for the progress of an element. They are no number while the first one
    is on its way; a runner that asks to split the bundle at that moment, as Prism does with a slow one, gets an error,
    and the job fails.
    """

    def current_progress(self) -> RestrictionProgress:
        return _Progress(fraction=1.0 if self._should_stop else 0.0)


class _Progress(RestrictionProgress):
    def __init__(self, fraction: float) -> None:
        super().__init__(fraction=fraction)  # type: ignore[no-untyped-call]  # Beam's has no types

    def with_completed(self, completed: Any) -> RestrictionProgress:
        return self
