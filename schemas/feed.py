"""What is remembered of a feed between polls."""

from typing import Annotated, NamedTuple

from newsbeam.schemas.row import FLOAT32, INSTANT, INT32, PARTITION, row


@row
class FeedState(NamedTuple):
    """State of a feed after a poll. The newest row by polled_at holds. Kept in the lake's state, not for users."""

    feed_url: Annotated[str, "address that the user subscribed to"]
    date: Annotated[str, PARTITION, "day of polled_at, UTC"]
    fetch_url: Annotated[str, "address to ask: feed_url, or where it moved for good"]
    title: Annotated[str | None, "title of the feed"]
    polled_at: Annotated[int, INSTANT, "when it was last asked"]
    next_due_at: Annotated[int, INSTANT, "not to be asked before"]
    interval_seconds: Annotated[float, "present interval of polls"]
    etag: Annotated[str | None, "ETag of the last good answer, byte for byte"]
    last_modified: Annotated[str | None, "Last-Modified of the last good answer, byte for byte"]
    unconditional_at: Annotated[int, INSTANT, "when it was last asked without validators"]
    body_hash: Annotated[str | None, "digest of the last body"]
    outcome: Annotated[str, "outcome of the last poll: ok, not_modified, unchanged or a reject reason"]
    failures: Annotated[float, FLOAT32, "weighted failures in a row"]
    moved_to: Annotated[str | None, "target of the last permanent redirect"]
    moved_count: Annotated[int, INT32, "permanent redirects to moved_to in a row"]
    is_gone: Annotated[bool, "answered 410: not asked again"]
    entries_per_day: Annotated[float, FLOAT32, "new entries a day, smoothed"]
    last_new_at: Annotated[int | None, INSTANT, "when the last new entry was seen"]
    known_ids: Annotated[list[str], "digests of the entries in the last body, with their text: what is not new"]
