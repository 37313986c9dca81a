"""Messages between processes."""

import io

import pytest

from newsbeam.transforms.isolation.messages import pack, receive, send, unpack

MESSAGES = [[], [b""], [b"one"], [b"", b"two\x00\xff", b"x" * 70_000]]


@pytest.mark.parametrize("parts", MESSAGES, ids=len)
def test_a_message_comes_as_it_went(parts: list[bytes]) -> None:
    pipe = io.BytesIO()
    send(pipe, parts)
    send(pipe, [b"next"])
    pipe.seek(0)
    assert receive(pipe) == parts
    assert receive(pipe) == [b"next"]
    assert receive(pipe) is None
    assert unpack(pack(parts)) == parts


def test_a_message_that_is_cut_is_none() -> None:
    whole = pack([b"ab", b"cd"])
    for size in range(len(whole)):
        assert receive(io.BytesIO(whole[:size])) is None
