"""What the lake knows of feeds."""

from collections.abc import Sequence

from newsbeam.schemas.feed import FeedState
from newsbeam.transforms.lake.lake import Lake
from newsbeam.transforms.polling.schedule import is_due, newest_states, states_of


def known_states(lake: Lake) -> list[FeedState]:
    """The newest state of each feed that was ever polled into the lake, in the order of addresses."""
    return list(newest_states(lake.rows("feeds")).values())


def due_feeds(feed_urls: Sequence[str], lake: Lake, now: int) -> list[FeedState]:
    """States of those of the feeds that may be asked at the instant `now`; a feed never asked is due."""
    if not feed_urls:
        return []
    return [state for state in states_of(feed_urls, known_states(lake)) if is_due(state, now)]
