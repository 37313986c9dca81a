"""A host watched without end, by clocks that are turned by hand."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from newsbeam.schemas.article import Article
from newsbeam.schemas.feed import FeedState
from newsbeam.transforms.instants import SECOND
from newsbeam.transforms.polling.client import Client
from newsbeam.transforms.polling.pacing import Pacing
from newsbeam.transforms.polling.parallel import Crew
from newsbeam.transforms.polling.round import Asking
from newsbeam.transforms.polling.schedule import HOUR, first_state
from newsbeam.transforms.polling.watching import REFRESH_SECONDS, RETAIN_SECONDS, Batch, HostWatch, Look, Watchers

NOW = 1_790_000_000 * SECOND
Reply = Callable[..., bytes]


class _AtOnce(Crew):
    """Does what is submitted when it is told to."""

    def __init__(self) -> None:
        super().__init__(1)
        self.todo: list[Callable[[], None]] = []

    def submit(self, work: Callable[[], None]) -> None:
        self.todo.append(work)

    def work(self) -> None:
        while self.todo:
            self.todo.pop(0)()


class Watched:
    """One feed of a server, its committed states, and two clocks."""

    def __init__(self, server: Any, client: Client) -> None:
        self.server = server
        self.now = NOW
        self.steady = 0.0
        self.committed: list[FeedState] = []
        self.crew = _AtOnce()
        self.asking = Asking(client, Pacing(0, sleep=lambda _: None), lambda: self.now, HOUR)
        self.watch = self.begin()

    def begin(self) -> HostWatch:
        return HostWatch(
            [self.server.url("/f")],
            asking=self.asking,
            load_states=self._load,
            crew=self.crew,
            monotonic=lambda: self.steady,
        )

    def _load(self, urls: Sequence[str]) -> list[FeedState]:
        return [state for state in self.committed if state.feed_url in urls]

    def look(self) -> Look:
        """Look, let what is due run, and look again."""
        self.watch.look()
        self.crew.work()
        return self.watch.look()

    def wait(self, seconds: float) -> None:
        self.now += round(seconds * SECOND)
        self.steady += seconds

    def feed(self, *names: str) -> None:
        items = "".join(f"<item><title>{name}</title><guid>{name}</guid></item>" for name in names)
        body = f'<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'.encode()
        self.server.pages["/f"] = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body


@pytest.fixture
def watched(server: Any, client: Client) -> Watched:
    one = Watched(server, client)
    one.feed("A")
    return one


def titles(batches: list[Batch]) -> list[str | None]:
    return [row.title for batch in batches for row in batch.rows if isinstance(row, Article)]


def test_a_look_does_not_wait_and_gives_what_came(watched: Watched) -> None:
    assert watched.watch.look() == ([], NOW, 0)
    watched.crew.work()
    watched.wait(1)
    (batch,), watermark, _ = watched.watch.look()
    assert (batch.at, titles([batch]), watermark) == (NOW, ["A"], NOW + SECOND)
    assert isinstance(batch.rows[-1], FeedState)


def test_a_runner_that_looks_a_thousand_times_asks_once(watched: Watched) -> None:
    for _ in range(1000):
        watched.look()
        watched.wait(3)
    assert len(watched.server.log) == 1


def test_what_was_given_is_given_again_until_it_is_committed(watched: Watched) -> None:
    (batch,) = watched.look().batches
    watched.wait(REFRESH_SECONDS)
    assert watched.look().batches == [batch]  # whatever runner lost it gets it again
    watched.committed = [batch.state._replace(polled_at=batch.state.polled_at - 1)]  # by the poll before
    watched.wait(REFRESH_SECONDS)
    assert watched.look().batches == [batch]
    watched.committed = [batch.state]
    watched.wait(REFRESH_SECONDS - 1)
    assert watched.look().batches == [batch]  # the lake is not read at every look
    watched.wait(1)
    assert watched.look().batches == []
    assert len(watched.server.log) == 1


def test_a_caller_that_looks_for_the_first_time_gets_nothing_that_is_committed(watched: Watched) -> None:
    (batch,) = watched.look().batches
    watched.committed = [batch.state]
    assert watched.watch.look().batches == [batch]  # for the one that works on it already, nothing is read yet
    assert watched.watch.look(is_first=True).batches == []


def test_instants_are_whole_milliseconds(watched: Watched) -> None:
    watched.now += 1_234_567
    (batch,), watermark, _ = watched.look()
    assert batch.at == watermark == NOW + 1_234_000


def test_what_no_commit_shows_for_a_day_is_kept_no_longer(watched: Watched) -> None:
    watched.look()
    watched.feed()
    watched.wait(RETAIN_SECONDS)
    assert titles(watched.watch.look().batches) == ["A"]
    watched.crew.work()
    watched.wait(1)
    assert titles(watched.look().batches) == []


def test_new_entries_come_when_the_feed_is_due(watched: Watched) -> None:
    watched.committed = [watched.look().batches[0].state]
    watched.feed("A", "B")
    watched.wait(HOUR - 1)
    assert titles(watched.look()[0]) == []
    watched.wait(HOUR / 2)
    assert titles(watched.look()[0]) == ["B"]


def test_the_watermark_never_goes_back_nor_past_what_comes(watched: Watched) -> None:
    first = watched.look().watermark
    watched.now -= 86_400 * SECOND
    second = watched.look().watermark
    assert second == first
    watched.wait(2 * 86_400)
    third = watched.look().watermark
    assert third == watched.now


def test_a_clock_that_jumps_ahead_asks_nobody(watched: Watched) -> None:
    watched.look()
    watched.now += 86_400 * SECOND
    watched.look()
    assert len(watched.server.log) == 1
    watched.steady += HOUR
    watched.look()
    assert len(watched.server.log) == 2


def test_a_new_process_starts_from_the_committed_state(watched: Watched) -> None:
    (batch,) = watched.look().batches
    watched.committed = [batch.rows[-1]]  # type: ignore[list-item]  # the state is the last row
    watched.wait(60)
    watched.watch = watched.begin()
    assert watched.look()[0] == []
    assert len(watched.server.log) == 1
    watched.committed = []  # and one whose commit was lost asks again and gives all
    watched.watch = watched.begin()
    assert titles(watched.look()[0]) == ["A"]


def test_a_newer_committed_state_of_another_worker_holds(watched: Watched) -> None:
    (batch,) = watched.look().batches
    state = [row for row in batch.rows if isinstance(row, FeedState)][0]
    watched.wait(2 * HOUR)
    watched.committed = [state._replace(polled_at=watched.now, next_due_at=watched.now + 3600 * SECOND)]
    watched.look()
    assert len(watched.server.log) == 1


def test_a_bug_in_a_poll_is_raised_and_the_next_look_tries_again(watched: Watched) -> None:
    def broken(urls: Sequence[str]) -> list[FeedState]:
        raise KeyError("lake")

    whole, watched.watch._load_states = watched.watch._load_states, broken
    with pytest.raises(KeyError, match="lake"):
        watched.look()
    watched.watch._load_states = whole
    assert titles(watched.look()[0]) == ["A"]


def test_how_long_a_feed_waits(watched: Watched) -> None:
    watched.look()
    assert watched.watch.look().overdue_seconds == 0
    watched.wait(2 * HOUR)
    assert 0.8 * HOUR < watched.watch.look().overdue_seconds < HOUR


def test_a_host_has_one_watch(watched: Watched) -> None:
    watchers = Watchers(asking=watched.asking, load_states=lambda urls: [], threads=2)
    assert watchers.of(["a", "b"]) is watchers.of(["a", "b"])
    assert watchers.of(["a", "b"]) is not watchers.of(["a"])


def test_a_crew_does_all_that_it_is_given() -> None:
    import threading

    done, crew, seen = threading.Event(), Crew(3), []
    for number in range(50):
        crew.submit(lambda n=number: seen.append(n))  # type: ignore[misc]  # a default to bind the number
    crew.submit(done.set)
    assert done.wait(5)
    while len(seen) < 50:
        done.wait(0.01)
    assert sorted(seen) == list(range(50))
    assert first_state("x").polled_at == 0
