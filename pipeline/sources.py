"""Tell the articles to read from the feeds to poll, among what the user named."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.feeds.lists import parse_url_list
from newsbeam.transforms.feeds.opml import parse_opml
from newsbeam.transforms.formats.inputs import InputFile, NoSuchInput, expand, open_bytes

_WEB = re.compile(r"^https?://", re.IGNORECASE)
#: Web addresses that end so are archives of articles; any other web address is a feed, or a page that names one.
_ARCHIVE = re.compile(r"\.(?:warc|jsonl?|ndjson|csv|parquet|txt)(?:\.(?:gz|bz2|zst))?$|\.warc\b", re.IGNORECASE)
_HEAD = 65_536
_MAX_LIST = 20_000_000  # bytes of an OPML file or list of addresses


class SourceFault(Exception):
    """An input that cannot be what the user says it is."""


class Sources(NamedTuple):
    """Files of articles (or why they cannot be read), and addresses of feeds, each once, in order."""

    files: list[InputFile | BadRecord]
    feeds: list[str]


def sources_of(paths: Sequence[str]) -> Sources:
    """Sort paths and URLs. Raises NoSuchInput, and SourceFault for an OPML file that is no OPML (with the line)."""
    feeds: dict[str, None] = {}
    files: dict[str, InputFile | BadRecord] = {}
    for path in paths:
        if _WEB.match(path) and not _ARCHIVE.search(path):
            feeds[path] = None
            continue
        found = expand([path])
        for file in found:
            listed = _feeds_in(file, is_named=len(found) == 1) if isinstance(file, InputFile) else None
            if listed is None:
                files.setdefault(file.origin, file)
            else:
                feeds.update(dict.fromkeys(listed))
    if not files and not feeds:
        raise NoSuchInput(f"nothing to read under {', '.join(paths)}")
    return Sources([files[origin] for origin in sorted(files)], sorted(feeds))


def _feeds_in(file: InputFile, *, is_named: bool) -> list[str] | None:
    """The feeds that a subscription list names; None for any other file."""
    is_opml_name = file.origin.lower().endswith(".opml")
    try:
        with open_bytes(file.origin) as opened:
            head = opened.read(_HEAD)
            is_opml = b"<opml" in head[:4096].lower()
            if not (is_opml or (is_opml_name and is_named)):
                return _listed(head) if len(head) < _HEAD else None
            body = head + opened.read(_MAX_LIST)
        return [outline.url for outline in parse_opml(body)]
    except BadRecord as bad:
        if is_named and is_opml_name:
            raise SourceFault(f"{file.origin}: {bad.error}") from bad
        return None


def _listed(body: bytes) -> list[str] | None:
    """Addresses of a text list, one a line, `#` comments; None for any other text."""
    try:
        lines = [line.strip() for line in body.decode("utf-8").splitlines()]
    except UnicodeDecodeError:
        return None
    said = [line for line in lines if line and not line.startswith("#")]
    if not said or not all(_WEB.match(line) and " " not in line for line in said):
        return None
    return list(parse_url_list(body))
