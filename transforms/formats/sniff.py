"""Tell what a file is from its first decoded bytes, never from its name."""

import csv
import json
import re

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.formats.fields import is_header

TEXT = "text"
HTML = "html"
JSON = "json"  # one object, or one with a list of articles in it
JSON_ARRAY = "json_array"
JSON_LINES = "jsonl"
FEED = "feed"  # RSS, Atom, RDF
SITEMAP = "sitemap"  # news sitemap or sitemap index
OPML = "opml"
URLS = "urls"  # a list of addresses, one a line
WARC = "warc"
CSV = "csv"
PARQUET = "parquet"
#: Formats that name feeds to poll rather than hold articles.
SUBSCRIPTIONS = (OPML, URLS)

HEAD_BYTES = 1 << 20
_PROBE_BYTES = 1 << 16
_PROBE_LINES = 50
_PREFIX_BYTES = 1024  # so far into a file its markup may begin
DELIMITERS = (",", "\t", ";", "|")
_MAGIC = re.compile(
    rb"%PDF-|\x89PNG|GIF8[79]a|\xff\xd8\xff|PK\x03\x04|\x7fELF|7z\xbc\xaf|\xfd7zXZ|Rar!|\x04\x22\x4d\x18|\xd0\xcf\x11\xe0|OggS|RIFF"
)
_ROOT = re.compile(
    rb"<(?:[\w-]+:)?(rss|feed|rdf|opml|urlset|sitemapindex|channel|entry(?=[^>]*w3\.org/2005/atom))[\s>/]",
    re.IGNORECASE,
)
_HTML = re.compile(rb"<(?:html|head|body)[\s>]", re.IGNORECASE)
_DOCTYPE = re.compile(rb"<!doctype\s+html", re.IGNORECASE)
_HTML_START = re.compile(
    rb"(?:<!--.*?-->\s*)*<(?:head|body|article|main|section|div|p|h[1-6]|table|ul|ol|meta|title|span|script)[\s>/]",
    re.IGNORECASE | re.DOTALL,
)
_URL_LINE = re.compile(rb"\s*(?:#.*|https?://\S+)?\s*", re.IGNORECASE)
_CONTROL = bytes(c for c in range(32) if c not in b"\t\n\r\f\x0b\x1b\x1e\x08") + b"\x7f"


def sniff(head: bytes, is_whole: bool) -> str:
    """The format of a file that begins with `head` (decoded, up to HEAD_BYTES); `is_whole`: there is no more.

    Raises BadRecord "empty", "binary" or "bad_xml".
    """
    if head.startswith(b"PAR1"):
        return PARQUET
    if head.startswith(b"WARC/"):
        return WARC
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\f\x0b\x1e\0")
    if not start:
        raise BadRecord("read", "binary", "nothing but NUL") if b"\0" in head else BadRecord("read", "empty", "empty")
    if _is_binary(head[:_PROBE_BYTES]):
        raise BadRecord("read", "binary", "not text and no format that newsbeam reads", payload=head[:64])
    if re.match(rb"""\{\s*(?:["'}]|\Z)""", start):
        return _json_kind(start, is_whole)
    if re.match(rb"\[\s*(?:[{\[\]]|\Z)", start):
        return JSON_ARRAY
    if start.startswith(b"<"):
        return _markup(start) or TEXT
    lines = start[:_PROBE_BYTES].splitlines()
    if all(_URL_LINE.fullmatch(line) for line in lines[: _PROBE_LINES * 10]):
        return URLS if any(b"://" in line for line in lines) else TEXT
    if delimiter_of(start):
        return CSV
    complete = _complete_lines(start, is_whole)
    if sum(_is_object(line) for line in complete) * 2 > len(complete):
        return JSON_LINES
    return _markup(start) or TEXT


def delimiter_of(start: bytes) -> str | None:
    """The delimiter of a CSV file, known by a first line of usual field names; None where there is none."""
    line = start.removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n", 1)[0][:10_000].decode("latin-1")
    for delimiter in DELIMITERS:
        try:
            if delimiter in line and is_header(next(csv.reader([line], delimiter=delimiter), [])):
                return delimiter
        except csv.Error:  # a bare carriage return or a field over the limit
            continue
    return None


def _is_binary(probe: bytes) -> bool:
    if _MAGIC.match(probe):
        return True
    controls = len(probe) - len(probe.translate(None, _CONTROL))
    if controls > 0.3 * len(probe):
        return True
    if controls <= 0.05 * len(probe):
        return False
    try:
        # a character may be cut at the end of the probe
        probe[:-4].decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _markup(start: bytes) -> str | None:
    """The kind of markup, also where a server's complaint or a comment stands before it."""
    probe = start[:_PROBE_BYTES]
    is_markup = start.startswith(b"<")
    root, page = _ROOT.search(probe), _HTML.search(probe)
    if root and (not page or root.start() < page.start()) and (is_markup or root.start() < _PREFIX_BYTES):
        return {b"opml": OPML, b"urlset": SITEMAP, b"sitemapindex": SITEMAP}.get(root[1].lower(), FEED)
    page = page or _DOCTYPE.search(probe[:_PREFIX_BYTES])
    if page and (is_markup or (page.start() < _PREFIX_BYTES and b"</" in probe)):
        return HTML
    if _HTML_START.match(probe):
        return HTML
    if start.startswith(b"<?xml"):
        raise BadRecord("read", "bad_xml", "XML that is no feed, sitemap, OPML or page", payload=start[:200])
    return None


def _json_kind(start: bytes, is_whole: bool) -> str:
    lines = _complete_lines(start, is_whole)
    if not lines:
        return JSON_LINES  # one line longer than the head
    if is_whole and len(lines) == 1:
        return JSON
    if _is_object(lines[0]) or any(line.startswith(b"{") and _is_object(line) for line in lines):
        return JSON_LINES
    return JSON


def _complete_lines(start: bytes, is_whole: bool) -> list[bytes]:
    lines = start.split(b"\n", _PROBE_LINES)
    if not is_whole or len(lines) > _PROBE_LINES:
        lines = lines[:-1]
    return [line for line in lines if line.strip()]


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
