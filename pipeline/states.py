"""What the lake knows of feeds."""

from collections.abc import Sequence

from newsbeam.schemas.feed import FeedState
from newsbeam.transforms.lake.lake import Lake
from newsbeam.transforms.polling.report import newest_states
from newsbeam.transforms.polling.schedule import first_state, is_due


def known_states(lake: Lake) -> dict[str, FeedState]:
    """The newest state of each feed that was ever polled into the lake, by address."""
    return newest_states(lake.rows("feeds"))


def due_feeds(feed_urls: Sequence[str], lake: Lake, now: int) -> list[FeedState]:
    """States of those of the feeds that may be asked at the instant `now`; a feed never asked is due."""
    if not feed_urls:
        return []
    known = known_states(lake)
    states = [known.get(url) or first_state(url) for url in feed_urls]
    return [state for state in states if is_due(state, now)]
