"""Cut files into pieces of a bounded number of articles, without reading more of them than needed."""

from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, NamedTuple

from newsbeam.schemas.row import row
from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.formats import parquet, sniff, warc
from newsbeam.transforms.formats.compression import Stream, open_stream
from newsbeam.transforms.formats.inputs import InputFile
from newsbeam.transforms.formats.spans import Span, elements_of, lines_of
from newsbeam.transforms.formats.tables import csv_records, header_of

TO_END = -1
PIECE_BYTES = 64 * 2**20  # a piece of long records ends here, before its number of articles is reached
_FEED_ENTRY_BYTES = 2_000


@row
class Piece(NamedTuple):
    """A part of a file that is read at once."""

    origin: Annotated[str, "file that it is part of"]
    format: Annotated[str, "what the file is: one of the names in `sniff`"]
    start: Annotated[int, "first byte of the decoded stream, byte of the file (WARC) or row (Parquet)"]
    stop: Annotated[int, "byte or row after the last; -1: to the end"]
    first_index: Annotated[int, "number of its first record in the file, from 0"]
    articles_hint: Annotated[int, "about how many articles are in it"]
    fingerprint: Annotated[str, "of the file: another one means another content"]


def plan_pieces(files: Iterable[InputFile | BadRecord], *, articles_per_piece: int) -> Iterator[Piece | BadRecord]:
    """The pieces of files, in the order of their origins, each of about `articles_per_piece` articles or fewer.

    A file that is empty, binary or unreadable gives its BadRecord instead. Bad records among the files pass through.
    """
    if articles_per_piece < 1:
        raise ValueError(f"articles_per_piece must be at least 1, was {articles_per_piece}")
    for file in files:
        if isinstance(file, BadRecord):
            yield file
            continue
        try:
            yield from _pieces_of(file, articles_per_piece)
        except BadRecord as bad:
            yield at_file(bad, file.origin)


def join_pieces(pieces: Iterable[Piece], count: int) -> list[Piece]:
    """The same records in about `count` pieces where the files allow it: neighbours in a file are read as one."""
    left = list(pieces)
    most = -(-sum(piece.articles_hint for piece in left) // count)
    joined: list[Piece] = []
    for piece in left:
        before = joined[-1] if joined else None
        if (
            before is not None
            and (before.origin, before.stop) == (piece.origin, piece.start)
            and before.articles_hint + piece.articles_hint <= most
        ):
            articles = before.articles_hint + piece.articles_hint
            joined[-1] = before._replace(stop=piece.stop, articles_hint=articles)
        else:
            joined.append(piece)
    return joined


def at_file(bad: BadRecord, origin: str, key: str = "") -> BadRecord:
    """A bad record with the file it was met in, and the record of it."""
    return BadRecord(bad.stage, bad.reason, bad.error, origin=origin, key=key or bad.key, payload=bad.payload)


def format_of(origin: str) -> str:
    """The format of a file by its content. Raises BadRecord where it is empty, binary or cannot be opened."""
    with open_stream(origin) as stream:
        head = stream.peek(sniff.HEAD_BYTES)
        if not head:
            stream.read()  # raises where the file is damaged from its start
        return sniff.sniff(head, is_whole=len(head) < sniff.HEAD_BYTES)


def _pieces_of(file: InputFile, count: int) -> Iterator[Piece]:
    kind = format_of(file.origin)
    if kind in _CUTTERS:
        yield from _cut(file, kind, count, _CUTTERS[kind])
    elif kind == sniff.WARC:
        yield from _joined(file, kind, warc.offsets(file.origin), count)
    elif kind == sniff.PARQUET:
        rows = parquet.row_count(file.origin)
        for start in range(0, max(rows, 1), count):
            stop = min(rows, start + count)
            yield Piece(file.origin, kind, start, stop, start, stop - start, file.fingerprint)
    else:
        hint = max(1, file.size // _FEED_ENTRY_BYTES) if kind in (sniff.FEED, sniff.SITEMAP, sniff.JSON) else 1
        yield Piece(file.origin, kind, 0, TO_END, 0, hint, file.fingerprint)


def _cut(file: InputFile, kind: str, count: int, cut: Callable[[Stream], Iterator[Span]]) -> Iterator[Piece]:
    with open_stream(file.origin) as stream:
        yield from _joined(file, kind, ((span.offset, span.stop) for span in cut(stream)), count)


def _joined(file: InputFile, kind: str, records: Iterator[tuple[int, int]], count: int) -> Iterator[Piece]:
    """Pieces of `count` records. A fault on the way is left for the reading of the last piece, which meets it too."""
    start = first = index = 0
    try:
        for offset, _ in records:
            # cut before a record, not after it: the last piece must reach the end of the file
            if index > first and (index - first >= count or offset - start >= PIECE_BYTES):
                yield Piece(file.origin, kind, start, offset, first, index - first, file.fingerprint)
                start, first = offset, index
            index += 1
    except BadRecord:
        pass
    yield Piece(file.origin, kind, start, TO_END, first, max(1, index - first), file.fingerprint)


def _csv_spans(stream: Stream) -> Iterator[Span]:
    delimiter, _ = header_of(stream)
    for record in csv_records(stream, delimiter):
        yield Span(record.offset, record.stop, None, record.head)


_CUTTERS: dict[str, Callable[[Stream], Iterator[Span]]] = {
    sniff.JSON_LINES: lines_of,
    sniff.JSON_ARRAY: elements_of,
    sniff.CSV: _csv_spans,
}
#: Formats whose files are cut into pieces.
CUT = frozenset((*_CUTTERS, sniff.WARC, sniff.PARQUET))
