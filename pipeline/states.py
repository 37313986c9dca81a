"""What the lake knows of feeds."""

from collections.abc import Sequence

from newsbeam.schemas.feed import FeedState
from newsbeam.transforms.lake.lake import Lake
from newsbeam.transforms.poll import feeds_to_poll
from newsbeam.transforms.polling.schedule import newest_states, states_of


def known_states(lake: Lake) -> list[FeedState]:
    """The newest state of each feed that was ever polled into the lake, in the order of addresses."""
    return list(newest_states(lake.rows("feeds")).values())


def due_feeds(feed_urls: Sequence[str], lake: Lake, now: int) -> list[FeedState]:
    """What a round at the instant `now` is given: all feeds of the hosts that have one which is due.

    Those that are not due are not asked, but wait with the others where their host refuses. A feed never asked is due.
    """
    return feeds_to_poll(states_of(feed_urls, known_states(lake)), now) if feed_urls else []
