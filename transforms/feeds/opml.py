"""Feed lists in OPML, nested to any reasonable depth."""

import re
from xml.parsers import expat

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.feeds.addresses import absolute_url
from newsbeam.transforms.feeds.guards import bad_feed, check_markup
from newsbeam.transforms.feeds.model import Outline
from newsbeam.transforms.feeds.plain import plain_title

__all__ = ["Outline", "parse_opml"]

MAX_OUTLINES = 50_000
# Half of the lists that people share have addresses with a bare "&"; entities of HTML are resolved in titles later.
_BARE = re.compile(rb"&(?!(?:#\d+|#[xX][0-9a-fA-F]+|amp|lt|gt|quot|apos);)")
_BOM = b"\xef\xbb\xbf"


def parse_opml(body: bytes) -> list[Outline]:
    """The feeds of an OPML list in its order, each address once. Raises BadRecord, with the line, for what is no OPML.

    Nothing is fetched: an outline of type "include" is left alone, and so are entities of files and addresses.
    """
    if not body.strip():
        raise bad_feed("empty", "line 1: an empty file")
    check_markup(body)
    content = body.removeprefix(_BOM).lstrip()
    if not content.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16, in which "&" has two bytes
        content = _BARE.sub(b"&amp;", content)
    skipped = body[: body.find(b"<")].count(b"\n") if body[:1].isspace() or body.startswith(_BOM) else 0
    reading = _Reading(skipped)
    parser = expat.ParserCreate()
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    reading.parser = parser
    try:
        parser.Parse(content, True)
    except expat.ExpatError as e:
        line = e.lineno + skipped
        if not reading.is_opml:
            raise bad_feed("not_a_feed", f"line {line}: no OPML: {expat.errors.messages[e.code]}", body) from None
        raise bad_feed("bad_xml", f"line {line}: {expat.errors.messages[e.code]}", body) from None
    return list(reading.outlines.values())


class _Reading:
    """The handlers of one OPML document and what they have found."""

    def __init__(self, skipped: int) -> None:
        self._skipped = skipped  # lines before the first that the parser sees
        self.is_opml = False
        self.outlines: dict[str, Outline] = {}
        self.parser: expat.XMLParserType | None = None
        self._around: list[str | None] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        line = self._skipped + (self.parser.CurrentLineNumber if self.parser else 0)
        local = name.rpartition(":")[2].lower()
        if not self.is_opml:
            if local != "opml":
                raise BadRecord("parse", "not_a_feed", f"line {line}: the root element is <{name[:60]}>, not <opml>")
            self.is_opml = True
        if local != "outline":
            return
        folded = {key.lower(): value for key, value in attributes.items()}
        title = plain_title(folded.get("title")) or plain_title(folded.get("text"))
        url = absolute_url(_address(folded))
        self._around.append(None if url else title)
        if url and url not in self.outlines:
            if len(self.outlines) >= MAX_OUTLINES:
                raise BadRecord("parse", "too_large", f"line {line}: more than {MAX_OUTLINES} feeds")
            self.outlines[url] = Outline(url, title, _categories(self._around, folded.get("category")))

    def end(self, name: str) -> None:
        if name.rpartition(":")[2].lower() == "outline":
            self._around.pop()


def _address(attributes: dict[str, str]) -> str | None:
    """The address of the feed that an outline names, whichever attribute the program that wrote it used."""
    if attributes.get("type", "").lower() in ("include", "link") and "xmlurl" not in attributes:
        return None
    address = (attributes.get("xmlurl") or attributes.get("url") or "").strip()
    return "http" + address[4:] if address.lower().startswith("feed://") else address.removeprefix("feed:")


def _categories(around: list[str | None], category: str | None) -> list[str]:
    named = [part.strip(" /") for part in (category or "").split(",")]
    return list(dict.fromkeys(title for title in [*around, *named] if title))
