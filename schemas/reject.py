"""What could not be read."""

from typing import Annotated, NamedTuple

from newsbeam.schemas.row import FEW, INSTANT, PARTITION, row

#: The closed list of reasons, each with what it means.
REASONS: dict[str, str] = {
    "empty": "nothing in it, or no text",
    "binary": "not text and no format that newsbeam reads",
    "bad_encoding": "bytes that are no text in the declared or any likely encoding, or an unknown content encoding",
    "truncated": "the compressed or announced length was not all there",
    "too_large": "over the size limit of a file, line, feed or page",
    "too_deep": "nested deeper than the limit, or a tag longer than the limit",
    "bad_json": "no valid JSON",
    "bad_xml": "no XML that can be read as a feed",
    "bad_record": "a record without what an article needs, or of the wrong types",
    "missing_text": "a record without text",
    "bad_date": "a date that no calendar has or outside 1990 to tomorrow; the article is kept, undated",
    "unreadable": "the file system refused",
    "not_a_feed": "an answer that is no feed",
    "blocked": "the server refuses robots: challenge page, 401, 403 or 451",
    "disallowed": "robots.txt disallows the page",
    "gone": "410",
    "http_error": "another status of 400 or above",
    "rate_limited": "429",
    "timeout": "no answer in time, or slower than the deadline",
    "bad_redirect": "a redirect without a usable target, to a scheme other than http(s), or too many of them",
    "blocked_address": "an address that is private, local or reserved",
    "tls_error": "no trusted encryption",
    "protocol_error": "an answer that is no HTTP",
    "dns_error": "a host name that does not resolve",
    "connect_error": "no connection",
    "language": "a language other than English: kept, not read for facts",
    "too_long": "a text or sentence over the limit of the parser: read up to there",
    "parser_timeout": "the parser of the page, or of the article's text, did not end in time",
    "killed": "the parser process died on it",
}


@row
class Reject(NamedTuple):
    """One row per record that could not be read, or not wholly."""

    stage: Annotated[str, FEW, "where: read, fetch, parse, extract"]
    reason: Annotated[str, FEW, "why, from a closed list (docs/tables.md)"]
    error: Annotated[str, "the message"]
    origin: Annotated[str, FEW, "file, feed or page"]
    key: Annotated[str, "which record of it: line number, entry id, address"]
    payload: Annotated[str, "start of the record"]
    seen_at: Annotated[int, INSTANT, "when it was seen; for files midnight UTC of the day of the run"]
    date: Annotated[str, PARTITION, "day of seen_at, UTC"]


@row
class Fetch(NamedTuple):
    """One row per HTTP answer, or failure to get one."""

    url: Annotated[str, "address asked"]
    kind: Annotated[str, FEW, "feed, page, robots or sitemap"]
    status: Annotated[int | None, "HTTP status; null where there was no answer"]
    outcome: Annotated[str, FEW, "ok, not_modified, unchanged (same body) or a reject reason"]
    bytes: Annotated[int, "decoded bytes of the body that were read"]
    seconds: Annotated[float, "from the start of the request to the end of the body"]
    retry_after: Annotated[float | None, "seconds that the server asked to wait"]
    not_modified: Annotated[bool, "whether the server said that nothing changed"]
    fetched_at: Annotated[int, INSTANT, "when the answer came"]
    date: Annotated[str, PARTITION, "day of fetched_at, UTC"]
