import threading
import time

import pytest

from newsbeam.transforms.once import made_once


def test_threads_that_ask_at_once_get_the_same() -> None:
    made: list[int] = []

    @made_once
    def dear(number: int) -> list[int]:
        made.append(number)
        time.sleep(0.05)
        return [number]

    found: list[list[int]] = []
    threads = [threading.Thread(target=lambda: found.append(dear(7))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [7] and all(one is found[0] for one in found)
    assert dear(8) == [8] and made == [7, 8]


def test_what_cannot_be_made_is_tried_again() -> None:
    attempts: list[int] = []

    @made_once
    def failing() -> None:
        attempts.append(1)
        raise OSError("not now")

    for _ in range(2):
        with pytest.raises(OSError, match="not now"):
            failing()
    assert len(attempts) == 2
