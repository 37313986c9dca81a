"""Messages over a pipe: how many parts, how many bytes each part has, the parts."""

import struct
from collections.abc import Sequence
from typing import IO

_COUNT = struct.Struct(">I")
_SIZE = struct.Struct(">Q")


def pack(parts: Sequence[bytes]) -> bytes:
    """One message."""
    return b"".join((_COUNT.pack(len(parts)), *(_SIZE.pack(len(part)) for part in parts), *parts))


def unpack(message: bytes) -> list[bytes]:
    """The parts of one whole message."""
    (count,) = _COUNT.unpack_from(message)
    at = _COUNT.size + count * _SIZE.size
    parts = []
    for (size,) in _SIZE.iter_unpack(message[_COUNT.size : at]):
        parts.append(message[at : at + size])
        at += size
    return parts


def send(pipe: IO[bytes], parts: Sequence[bytes]) -> None:
    """Write one message."""
    pipe.write(pack(parts))
    pipe.flush()


def receive(pipe: IO[bytes]) -> list[bytes] | None:
    """Read one message; None at the end of the pipe, even if that comes within a message."""
    head = pipe.read(_COUNT.size)
    if len(head) < _COUNT.size:
        return None
    (count,) = _COUNT.unpack(head)
    sizes = pipe.read(count * _SIZE.size)
    if len(sizes) < count * _SIZE.size:
        return None
    parts = []
    for (size,) in _SIZE.iter_unpack(sizes):
        part = pipe.read(size)
        if len(part) < size:
            return None
        parts.append(part)
    return parts
