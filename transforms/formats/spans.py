"""Cut a stream into records without reading them: lines, and the elements of a JSON array, with flat memory."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.formats.compression import Stream

RECORD_BYTES = 10 * 2**20
_OUTSIDE = re.compile(rb'["{}\[\],]')
_INSIDE = re.compile(rb'[\\"]')


class Span(NamedTuple):
    """One record where it lies in the decoded stream. `data` is None where it is over the limit."""

    offset: int
    stop: int  # offset after the record and its end mark
    data: bytes | None
    head: bytes  # its first bytes, for the reject


class _Collector:
    """Gathers the parts of a record up to the limit."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, part: bytes) -> None:
        self._size += len(part)
        if self._size <= self._limit:
            self._parts.append(part)
        elif len(self._parts) != 1 or len(self._parts[0]) > 200:
            self._parts = [b"".join(self._parts)[:200] or part[:200]]

    def take(self, offset: int, stop: int) -> Span:
        data = b"".join(self._parts)
        span = Span(offset, stop, data if self._size <= self._limit else None, data[:200])
        self._parts, self._size = [], 0
        return span


def lines_of(stream: Stream, limit: int = RECORD_BYTES) -> Iterator[Span]:
    """The lines of a stream with their ends, also blank ones."""
    collector = _Collector(limit)
    offset = at = stream.offset
    while block := stream.read():
        done = 0
        while (end := block.find(b"\n", done) + 1) > 0:
            collector.add(block[done:end])
            yield collector.take(offset, at + end)
            offset, done = at + end, end
        if done < len(block):
            collector.add(block[done:])
        at += len(block)
    if at > offset:
        yield collector.take(offset, at)


def elements_of(stream: Stream, limit: int = RECORD_BYTES) -> Iterator[Span]:
    """The elements of a JSON array, from its start or from the offset after any comma between two elements.

    Raises BadRecord "bad_json" where the array does not end.
    """
    if stream.offset == 0:
        head = stream.peek(4096)
        stream.skip(head.index(b"[") + 1)
    collector = _Collector(limit)
    depth = 0
    is_string = is_escaped = False
    offset = at = stream.offset
    while block := stream.read():
        done = place = 0
        if is_escaped:
            place, is_escaped = 1, False
        while found := (_INSIDE if is_string else _OUTSIDE).search(block, place):
            mark, place = found[0], found.end()
            if is_string:
                if mark == b'"':
                    is_string = False
                elif place == len(block):
                    is_escaped = True
                else:
                    place += 1
            elif mark == b'"':
                is_string = True
            elif mark in (b"{", b"["):
                depth += 1
            elif mark == b"," and depth == 0:
                collector.add(block[done : place - 1])
                yield collector.take(offset, at + place)
                offset, done = at + place, place
            elif mark == b"]" and depth == 0:
                collector.add(block[done : place - 1])
                last = collector.take(offset, at + place)
                if last.head.strip():
                    yield last
                return
            elif mark in (b"}", b"]"):
                depth -= 1
        collector.add(block[done:])
        at += len(block)
    last = collector.take(offset, at)
    raise BadRecord("read", "bad_json", "the array does not end", payload=last.head)
