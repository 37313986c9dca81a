"""What can go wrong with one record, and the row that says so.

    BadRecord      permanent, about one record: it becomes a reject; the records beside it are kept

Everything else that a step raises is a bug or a fault of the machine and fails the run.
"""

from newsbeam.schemas.reject import REASONS, Reject
from newsbeam.transforms.instants import day_of

PAYLOAD_CHARS = 200  # enough to find the record again, too little to republish it


class BadRecord(Exception):
    """A record that cannot be read. `reason` is one of `schemas.reject.REASONS`; it survives pickling."""

    def __init__(
        self, stage: str, reason: str, error: str, *, origin: str = "", key: str = "", payload: str | bytes = ""
    ) -> None:
        if reason not in REASONS:
            raise ValueError(f"reason must be one of {sorted(REASONS)}, was {reason!r}")
        super().__init__(stage, reason, error, origin, key, payload)
        self.stage = stage
        self.reason = reason
        self.error = error
        self.origin = origin
        self.key = key
        self.payload = payload

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (self.stage, self.reason, self.error, self.origin, self.key, self.payload)

    def __str__(self) -> str:
        return f"{self.stage}: {self.reason}: {self.error} ({self.origin})"


def _rebuild(stage: str, reason: str, error: str, origin: str, key: str, payload: str | bytes) -> BadRecord:
    return BadRecord(stage, reason, error, origin=origin, key=key, payload=payload)


def reject_row(bad: BadRecord, seen_at: int) -> Reject:
    """The `rejects` row of a bad record, seen at `seen_at` (microseconds since 1970 UTC)."""
    payload = bad.payload if isinstance(bad.payload, str) else bad.payload.decode("utf-8", "replace")
    return Reject(
        stage=bad.stage,
        reason=bad.reason,
        error=_storable(bad.error)[:500],
        origin=_storable(bad.origin),
        key=_storable(bad.key)[:500],
        payload=_storable(payload)[:PAYLOAD_CHARS],
        seen_at=seen_at,
        date=day_of(seen_at),
    )


def _storable(text: str) -> str:
    """Text that UTF-8 and Parquet take: no NUL, no lone surrogate."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "\N{REPLACEMENT CHARACTER}")
