"""Read the pieces of files: articles, and what could not be read."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from newsbeam.schemas.article import Article
from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.formats import documents, parquet, sniff, warc
from newsbeam.transforms.formats.articles import Draft, basename, identified
from newsbeam.transforms.formats.compression import Stream, open_stream
from newsbeam.transforms.formats.encodings import decode_text
from newsbeam.transforms.formats.fields import read_fields, records_in
from newsbeam.transforms.formats.pieces import CUT, TO_END, Piece, at_file
from newsbeam.transforms.formats.spans import RECORD_BYTES, Span, elements_of, lines_of
from newsbeam.transforms.formats.tables import csv_records, header_of, named_fields

OBJECT_BYTES = 64 * 2**20  # one JSON object with a list of articles in it


def read_piece(piece: Piece, *, ingested_at: int) -> Iterator[Article | BadRecord]:
    """The articles of a piece, at revision 0, and a BadRecord for each record that cannot be read, or not wholly.

    The articles' language is the declared one: to detect it takes longer than all else, and most may be known already.
    `ingested_at` is an instant: of dates it bounds the latest, and to undated articles it gives their day.
    """
    # a file that pieces of one record would cut in two says nothing, so that their size changes no row
    is_silent = piece.start == 0 and piece.stop in (TO_END, 0) and (piece.format not in CUT or piece.articles_hint <= 1)
    try:
        for key, draft in _READERS[piece.format](piece):
            is_silent = False
            if isinstance(draft, BadRecord):
                yield at_file(draft, piece.origin, key)
                continue
            article, faults = identified(
                draft, origin=piece.origin, feed=basename(piece.origin), ingested_at=ingested_at
            )
            yield article
            for fault in faults:
                yield at_file(fault, piece.origin, key)
    except BadRecord as bad:
        is_silent = False
        yield at_file(bad, piece.origin)
    if is_silent:
        yield BadRecord("read", "empty", "no article in it", origin=piece.origin)


def draft_of(record: Any) -> Draft:
    """The draft of a record with the usual field names. Raises BadRecord where it is none, or has no text."""
    if not isinstance(record, Mapping):
        raise BadRecord("read", "bad_record", f"no object, but {type(record).__name__}", payload=str(record)[:200])
    fields = read_fields(record)
    if fields.html:
        return documents.draft_of_markup(fields)
    if fields.text is None:
        names = ", ".join(sorted(str(name) for name in record))
        raise BadRecord("read", "missing_text", f"no text in the fields {names}"[:300], payload=str(dict(record))[:200])
    return documents.draft_of_fields(fields, fields.text)


Keyed = tuple[str, Draft | BadRecord]


def _read_lines(piece: Piece) -> Iterator[Keyed]:
    with open_stream(piece.origin, piece.start) as stream:
        for number, span in _within(piece, lines_of(stream)):
            if span.data is None or span.data.strip(b" \t\r\n\x1e\0") or b"\0" in span.data:
                yield from _read_json(f"line {number + 1}", span)


def _read_array(piece: Piece) -> Iterator[Keyed]:
    with open_stream(piece.origin, piece.start) as stream:
        for number, span in _within(piece, elements_of(stream)):
            yield from _read_json(f"element {number + 1}", span)


def _within(piece: Piece, spans: Iterator[Span]) -> Iterator[tuple[int, Span]]:
    for number, span in enumerate(spans, piece.first_index):
        if piece.stop != TO_END and span.offset >= piece.stop:
            return
        yield number, span


def _read_json(key: str, span: Span) -> Iterator[Keyed]:
    if span.data is None:
        yield key, BadRecord("read", "too_large", f"over {RECORD_BYTES:,} bytes", payload=span.head)
        return
    try:
        yield from _drafts_in(key, span.data)
    except BadRecord as bad:
        yield key, bad


def _read_object(piece: Piece) -> Iterator[Keyed]:
    with open_stream(piece.origin) as stream:
        yield from _drafts_in("", stream.read_all(OBJECT_BYTES))


def _drafts_in(key: str, data: bytes) -> Iterator[Keyed]:
    """The drafts of a JSON document: a record, an object around a list of them, or a JSON Feed."""
    document, fault = _parsed(data)
    if documents.is_json_feed(document):
        yield from documents.read_json_feed(data)
        return
    records = records_in(document) if isinstance(document, Mapping) else None
    if records is None:
        yield _keyed(key, document, fault)
        return
    for number, record in enumerate(records, 1):
        yield _keyed(f"{key}, element {number}".removeprefix(", "), record, fault)


def _keyed(key: str, record: Any, fault: str | None = None) -> Keyed:
    if isinstance(record, BadRecord):
        return key, record
    try:
        return key, draft_of(record)._replace(fault=fault)
    except BadRecord as bad:
        return key, bad


def _parsed(data: bytes) -> tuple[Any, str | None]:
    decoded = decode_text(data)
    try:
        return json.loads(decoded.text.strip(" \t\r\n\x1e"), strict=False), decoded.fault
    except RecursionError:
        raise BadRecord("read", "too_deep", "JSON nested deeper than the reader goes", payload=data[:200]) from None
    except ValueError as error:
        raise BadRecord("read", "bad_json", str(error), payload=data[:200]) from None


def _read_csv(piece: Piece) -> Iterator[Keyed]:
    with open_stream(piece.origin) as stream:
        delimiter, names = header_of(stream)
    with open_stream(piece.origin, piece.start) as stream:
        for number, record in enumerate(csv_records(stream, delimiter), piece.first_index):
            if piece.stop != TO_END and record.offset >= piece.stop:
                return
            if number == 0 or record.fields == []:
                continue
            key = f"row {number}"
            if record.fields is None:
                yield key, record.fault or BadRecord("read", "bad_record", "no CSV", payload=record.head)
                continue
            try:
                fields, fault = named_fields(names, record.fields)
            except BadRecord as bad:
                yield key, bad
                continue
            yield _keyed(key, fields, fault)


def _read_parquet(piece: Piece) -> Iterator[Keyed]:
    number = piece.start
    try:
        for number, record in enumerate(parquet.rows_of(piece.origin, piece.start, piece.stop), piece.start + 1):
            yield _keyed(f"row {number}", record)
    except BadRecord as bad:
        yield f"row {number + 1}", bad


def _read_warc(piece: Piece) -> Iterator[Keyed]:
    for page in warc.pages_of(piece.origin, piece.start, piece.stop):
        key = f"record {piece.first_index + page.number + 1}: {page.url}"
        if page.fault:
            yield key, page.fault
        elif page.body:
            yield documents.page_of(
                page.body, key, url=page.url, content_type=page.content_type, fetched_at=page.fetched_at
            )


def _read_subscriptions(piece: Piece) -> Iterator[Keyed]:
    raise BadRecord("read", "missing_text", f"a list of addresses ({piece.format}), without articles")


def _read_document(
    read: Callable[[Stream], Iterator[Keyed]], as_utf8: bool = True
) -> Callable[[Piece], Iterator[Keyed]]:
    def read_whole(piece: Piece) -> Iterator[Keyed]:
        with open_stream(piece.origin, as_utf8=as_utf8) as stream:
            yield from read(stream)

    return read_whole


_READERS: dict[str, Callable[[Piece], Iterator[Keyed]]] = {
    sniff.JSON_LINES: _read_lines,
    sniff.JSON_ARRAY: _read_array,
    sniff.JSON: _read_object,
    sniff.CSV: _read_csv,
    sniff.PARQUET: _read_parquet,
    sniff.WARC: _read_warc,
    sniff.TEXT: _read_document(documents.read_text),
    sniff.HTML: _read_document(documents.read_html, as_utf8=False),
    sniff.FEED: _read_document(documents.read_feed, as_utf8=False),
    sniff.SITEMAP: _read_document(documents.read_sitemap, as_utf8=False),
    sniff.OPML: _read_subscriptions,
    sniff.URLS: _read_subscriptions,
}
