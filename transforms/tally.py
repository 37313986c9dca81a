"""Pass rows on unchanged: counted, or under their coder."""

from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection

from newsbeam.schemas.reject import REASONS
from newsbeam.transforms.metrics import NAMESPACE, REJECTS


def typed(rows: PCollection[Any], row_type: Any, label: str) -> PCollection[Any]:
    """Rows under their coder: tagged outputs have lost their types."""
    return rows | label >> beam.Map(_same).with_output_types(row_type)


def _same(row: Any) -> Any:
    return row


class CountRows(beam.PTransform[PCollection[Any], PCollection[Any]]):
    """Count rows under one name.

    Input: rows in any window. Output: the same rows. Metrics: `newsbeam/<name>`.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def expand(self, rows: PCollection[Any]) -> PCollection[Any]:
        """Count."""
        return rows | "Count" >> beam.ParDo(_CountFn(self._name)).with_output_types(rows.element_type)


class CountRejects(beam.PTransform[PCollection[Any], PCollection[Any]]):
    """Count rejects by reason.

    Input: Reject rows. Output: the same rows. Metrics: `newsbeam/rejects` and `newsbeam/rejects_<reason>`, reasons from
    the closed list.
    """

    def expand(self, rows: PCollection[Any]) -> PCollection[Any]:
        """Count."""
        return rows | "Count" >> beam.ParDo(_CountRejectsFn()).with_output_types(rows.element_type)


class _CountFn(beam.DoFn):
    def __init__(self, name: str) -> None:
        self._rows = Metrics.counter(NAMESPACE, name)

    def process(self, row: Any) -> Iterator[Any]:
        self._rows.inc()
        yield row


class _CountRejectsFn(beam.DoFn):
    def __init__(self) -> None:
        self._rows = Metrics.counter(NAMESPACE, REJECTS)
        self._by_reason = {reason: Metrics.counter(NAMESPACE, f"{REJECTS}_{reason}") for reason in REASONS}

    def process(self, row: Any) -> Iterator[Any]:
        self._rows.inc()
        self._by_reason[row.reason].inc()
        yield row
