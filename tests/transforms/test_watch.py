"""The Watch below WatchFeeds: nothing that it gives lies behind its watermark, and its progress is a number."""

from collections.abc import Sequence
from typing import Any

import pytest
from apache_beam.io.watch import PollFn, PollResult, never
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.runners.sdf_utils import RestrictionTrackerView, ThreadsafeRestrictionTracker
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import MIN_TIMESTAMP, Timestamp

from newsbeam.transforms.watch import watching

_ROW = ("feeds", b"row")


class _Look(PollFn):
    """Gives a row at an instant of its clock, which is also its watermark."""

    def __init__(self, at: int) -> None:
        self._at = Timestamp(at)

    def __call__(self, element: str) -> PollResult[tuple[str, bytes]]:
        return PollResult.incomplete([TimestampedValue(_ROW, self._at)]).with_watermark(self._at)


def _given(at: int, reached: Timestamp | None) -> tuple[Sequence[Any], Timestamp]:
    watch = watching(_Look(at), seconds=5.0, end=never())
    tracker = watch.create_tracker(watch.initial_restriction("host"))
    estimator = ManualWatermarkEstimator(reached)
    view = RestrictionTrackerView(ThreadsafeRestrictionTracker(tracker))
    outputs = list(watch.process("host", MIN_TIMESTAMP, view, estimator))
    assert {output.value for output in outputs} == {("host", _ROW)}
    return [output.timestamp for output in outputs], estimator.current_watermark()


@pytest.mark.parametrize(
    ("at", "reached", "expected"),
    [
        (1000, None, 1000),  # the first look: whatever is older is still on time
        (1000, Timestamp(900), 1000),
        (1000, Timestamp(1000), 1000),
        (1000, Timestamp(1030), 1030),  # by the clock of a worker that died; this one's is half a minute behind
    ],
)
def test_no_row_is_late(at: int, reached: Timestamp | None, expected: int) -> None:
    stamps, watermark = _given(at, reached)
    assert stamps == [Timestamp(expected)]
    assert watermark == Timestamp(expected)  # and it does not go back


def test_progress_can_be_asked_before_the_first_output() -> None:
    watch = watching(_Look(1000), seconds=5.0, end=never())
    tracker = watch.create_tracker(watch.initial_restriction("host"))
    assert tracker.current_progress().fraction_completed == 0.0
    assert tracker.current_progress().with_completed(12).fraction_completed == 0.0
