"""Read CSV: records where they lie in the stream, and their fields under the names of the header."""

import csv
from collections.abc import Iterator
from typing import NamedTuple

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.formats.compression import Stream
from newsbeam.transforms.formats.encodings import decode_text
from newsbeam.transforms.formats.sniff import delimiter_of
from newsbeam.transforms.formats.spans import RECORD_BYTES, Span, lines_of

_MARK = b"\xef\xbb\xbf"


def header_of(stream: Stream) -> tuple[str, list[str]]:
    """The delimiter of a CSV stream and the names of its columns, from its first line; the stream stays."""
    head = stream.peek(1 << 16)
    delimiter = delimiter_of(head)
    if delimiter is None:
        raise BadRecord("read", "bad_record", "no header of usual field names", payload=head[:200])
    line = head.removeprefix(_MARK).lstrip().split(b"\n", 1)[0]
    return delimiter, next(csv.reader([decode_text(line).text], delimiter=delimiter))


class CsvRecord(NamedTuple):
    """One record where it lies in the decoded stream. `fields` is None where it cannot be read: see `fault`."""

    offset: int
    stop: int
    fields: list[str] | None
    head: bytes
    fault: BadRecord | None = None


def csv_records(stream: Stream, delimiter: str) -> Iterator[CsvRecord]:
    """The records of a CSV stream, from its start or from the offset of any record. Fields hold bytes as Latin-1."""
    csv.field_size_limit(RECORD_BYTES)
    lines = _Lines(lines_of(stream), stream.offset)
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        offset, lines.head, lines.is_cut = lines.stop, b"", False
        try:
            fields = next(reader, None)
        except csv.Error as error:
            reason = "too_large" if "limit" in str(error) else "bad_record"
            yield CsvRecord(offset, lines.stop, None, lines.head, _fault(reason, str(error), lines.head))
            continue
        if fields is None:
            return
        if lines.is_cut or lines.stop - offset > RECORD_BYTES:
            fault = _fault("too_large", f"over {RECORD_BYTES:,} bytes", lines.head)
            yield CsvRecord(offset, lines.stop, None, lines.head, fault)
        else:
            yield CsvRecord(offset, lines.stop, fields, lines.head)


def named_fields(names: list[str], fields: list[str]) -> tuple[dict[str, str], str | None]:
    """The fields of a record under the names of its columns, as text, and what was wrong with their bytes."""
    decoded = decode_text("\x1f".join(fields).encode("latin-1"))
    return dict(zip(names, decoded.text.split("\x1f"), strict=False)), decoded.fault


def _fault(reason: str, message: str, head: bytes) -> BadRecord:
    return BadRecord("read", reason, message, payload=head)


class _Lines:
    """Lines as Latin-1, so that every byte comes through csv unchanged, and where the last one ended."""

    def __init__(self, spans: Iterator[Span], start: int) -> None:
        self._spans = spans
        self.stop = start
        self.head = b""  # of the first line since the last record
        self.is_cut = False  # whether a line since then was over the limit

    def __iter__(self) -> Iterator[str]:
        for span in self._spans:
            data = span.data.removeprefix(_MARK) if span.data and span.offset == 0 else span.data
            self.stop = span.stop
            self.head = self.head or span.head
            self.is_cut = self.is_cut or data is None
            yield (data or b"").decode("latin-1")
