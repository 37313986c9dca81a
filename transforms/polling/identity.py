"""Tell which entries of a feed are new."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from newsbeam.transforms.feeds.model import Entry
from newsbeam.transforms.ids import digest
from newsbeam.transforms.urls import canonical_url

KEPT_AT_LEAST = 200  # digests kept of entries that left the document: servers behind a balancer show older ones again
_HEX = 16
_LONG_CHARS = 40  # a text as long is the same entry wherever it says the same; "Morning briefing" is not
_SCHEME = re.compile(r"^[a-z]+://(?:www\.)?")


def new_entries(entries: Sequence[Entry], known_ids: Iterable[str]) -> tuple[list[Entry], list[str]]:
    """The entries that are not known, each once, and the digests to know next time, newest document first.

    An entry is known with its text: an edited one is new, and becomes a revision further on. It is known by its id or
    by its address without query or by its date, so that a feed which changes one of them at each request does not
    give all of its entries anew.
    """
    before = dict.fromkeys(known_ids)
    current: dict[str, None] = {}
    new: list[Entry] = []
    for entry in entries:
        digests = digests_of(entry)
        if not any(one in before or one in current for one in digests):
            new.append(entry)
        current.update(dict.fromkeys(digests))
    kept = [one for one in before if one not in current][: max(KEPT_AT_LEAST, len(current))]
    return new, [*current, *kept]


def digests_of(entry: Entry) -> list[str]:
    """What an entry is known by: its text together with its id or address, with its path, and with its date."""
    text = " ".join(f"{entry.title or ''} {entry.content or entry.summary or ''}".lower().split())
    link = canonical_url(entry.url) if entry.url else None
    identity = _SCHEME.sub("", (entry.id or link or "").lower())
    digests = [digest("id", identity, text, hex_digits=_HEX)]
    is_long = len(text) >= _LONG_CHARS
    path = _path(link)
    if path and (is_long or (text and path.count("/") > 1)):
        digests.append(digest("path", path, text, hex_digits=_HEX))
    if text and (is_long or entry.published_at is not None):
        digests.append(digest("date", entry.published_at, text, hex_digits=_HEX))
    return digests


def _path(link: str | None) -> str:
    """Host and path of an address: what is left where a token in the query changes at each request."""
    try:
        parts = urlsplit(link or "")
    except ValueError:
        return ""
    return f"{parts.hostname or ''}{parts.path}".rstrip("/")
