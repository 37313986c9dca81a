"""What a run did, counted, and the table that says so."""

from collections import Counter
from dataclasses import dataclass, field

from apache_beam.runners.runner import PipelineResult
from rich.console import Console
from rich.table import Table

from newsbeam.pipeline.profile import profile_rows, stage_milliseconds
from newsbeam.transforms import metrics


@dataclass
class Summary:
    """Counts of one run, over all its chunks; seconds by wall clock."""

    counts: Counter[str] = field(default_factory=Counter)
    stages: Counter[str] = field(default_factory=Counter)  # milliseconds
    seconds: float = 0.0
    chunks: int = 0
    resumed: int = 0  # chunks that an earlier, killed run had done

    def add(self, result: PipelineResult) -> None:
        """Add the counters of a finished pipeline, and what its stages took."""
        self.stages.update(stage_milliseconds(result))
        for counter in result.metrics().query()["counters"]:
            if counter.key.metric.namespace == metrics.NAMESPACE:
                self.counts[counter.key.metric.name] += counter.committed or 0

    def rejects_by_reason(self) -> dict[str, int]:
        """Rejects of this run, by reason, most frequent first."""
        prefix = metrics.REJECTS + "_"
        found = [(name.removeprefix(prefix), n) for name, n in self.counts.items() if name.startswith(prefix) and n]
        return dict(sorted(found, key=lambda pair: (-pair[1], pair[0])))


_LINES = (
    ("feeds polled", metrics.FEEDS_POLLED),
    ("pages fetched", metrics.PAGES_FETCHED),
    ("read", metrics.READ),
    ("seen before", metrics.REFETCHED),
    ("new", metrics.NEW),
    ("copies", metrics.COPIES),
    ("updates and revisions", metrics.UPDATES),
    ("events", metrics.EVENTS),
    ("figures", metrics.FIGURES),
    ("rejects", metrics.REJECTS),
)


def print_summary(summary: Summary, lake: str, console: Console, *, is_profiled: bool = False) -> None:
    """Print the table of a run and the commands to try next; where asked for, what each stage took."""
    table = Table(title=None, show_header=False, box=None, pad_edge=False)
    for label, name in _LINES:
        count = summary.counts[name] + (summary.counts[metrics.ENTRIES_NEW] if name == metrics.READ else 0)
        if count or name not in (metrics.FEEDS_POLLED, metrics.PAGES_FETCHED):
            table.add_row(label, f"{count:,}")
    for reason, n in summary.rejects_by_reason().items():
        table.add_row(f"  {reason}", f"{n:,}")
    if summary.resumed:
        table.add_row("chunks done by an earlier run", f"{summary.resumed:,}")
    table.add_row("seconds", f"{summary.seconds:.1f}")
    for stage, seconds in profile_rows(summary.stages, summary.counts) if is_profiled else ():
        table.add_row(f"  {stage}", f"{seconds:.1f}")
    console.print(table)
    console.print("\nNext:", style="bold")
    console.print(
        f'  newsbeam sql "select event_date, type, actor_name, recipient_name, place_name from events order by 1" '
        f"--lake {lake}",
        highlight=False,
        soft_wrap=True,
    )
    console.print(f"  newsbeam show --lake {lake}", highlight=False, soft_wrap=True)
