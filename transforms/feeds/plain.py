"""HTML fragments as plain text: titles on one line, bodies in paragraphs parted by blank lines.

A tokenizer of its own, not a tree: one pass, linear in every input, no recursion. (A tree costs the square of the
attributes of a tag and loses what lies deeper than 256 elements; both occur in hostile feeds.)
"""

import html
import re
from collections.abc import Iterator

# Tags after whose start or end a new paragraph begins.
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol optgroup option p pre section "
    "select summary table tbody tfoot thead tr ul video audio iframe".split()
)
# What lies in these is no text for readers.
_SILENT = frozenset("head script style template noscript svg math object applet iframe textarea select title".split())
# Only these are taken for tags in a title: "List<String>" keeps its String.
_TITLE_TAGS = frozenset(
    "a abbr acronym applet article aside audio b base bdi bdo big blink blockquote body br button canvas center "
    "cite code del dfn div dl dt dd em embed figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header "
    "hr html i iframe img input ins kbd label li link mark marquee meta nobr noscript object ol p param picture "
    "pre q s samp script section select small source span strike strong style sub sup svg table tbody td textarea "
    "tfoot th thead time tr tt u ul var video wbr".split()
)
_TITLE_SCRIPT = re.compile(r"<(script|style)\b[^<>]*+>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TOKEN = re.compile(
    r"<(?:!--|(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]{0,40})(?P<rest>(?=[\s/>\"'])(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+'|[\"'])*+)>"
    r"|[!?/][^<>]*+>)"
)
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_BREAKS = re.compile(r"[^\S\n]*\n[^\S\n]*(?:\n\s*)?")
_UNSTORABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff\ufeff\u2028\u2029]"
)
_MARKS = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\u00ad]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SRC = re.compile(r"""\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
TITLE_CHARS = 1_000
TEXT_CHARS = 500_000


def storable(text: str) -> str:
    """Text without what UTF-8, Parquet or a terminal refuse: NUL, other controls, lone surrogates."""
    return _UNSTORABLE.sub(_replacement, text) if _UNSTORABLE.search(text) else text


def _replacement(found: re.Match[str]) -> str:
    return "\n" if found[0] in "\x0b\x0c\u2028\u2029" else ""


def one_line(text: str | None) -> str | None:
    """Text on one line without controls or directional marks, at most TITLE_CHARS long; None if nothing is left."""
    if not text:
        return None
    line = _SPACES.sub(" ", _MARKS.sub("", storable(text[: 8 * TITLE_CHARS]))).strip()
    return line[:TITLE_CHARS].rstrip() or None


def plain_title(markup: str | None) -> str | None:
    """A title as plain text on one line: without the tags of titles, entities resolved, twice where escaped twice."""
    if not markup:
        return None
    text = markup[: 32 * TITLE_CHARS]
    for _ in range(2):
        text = _without_title_tags(text)
        if "&" not in text or not _ENTITY.search(text):
            break
        text = html.unescape(text)
    else:
        text = _without_title_tags(text)
    return one_line(text)


def _without_title_tags(text: str) -> str:
    if "<" not in text:
        return text
    return _TOKEN.sub(_title_tag, _TITLE_SCRIPT.sub("", text) if "</" in text else text)


def _title_tag(found: re.Match[str]) -> str:
    name = (found["name"] or "").lower()
    if found["name"] is None:
        return "" if found[0].startswith("<!") else found[0]
    if name not in _TITLE_TAGS:
        return found[0]
    return " " if name in _BLOCKS or name == "br" else ""


def plain_text(markup: str | None) -> str | None:
    """An HTML fragment as plain text, paragraphs parted by blank lines; None if no text is left."""
    if not markup:
        return None
    paragraphs = (_SPACES.sub(" ", _MARKS.sub("", storable(html.unescape(p)))).strip() for p in _paragraphs(markup))
    return "\n\n".join(p for p in paragraphs if p)[:TEXT_CHARS].rstrip() or None


def _paragraphs(markup: str) -> Iterator[str]:
    """The paragraphs of markup, entities unresolved, white space as it was."""
    current: list[str] = []
    at = 0
    unended: set[str] = set()  # silent elements that do not end any more: not searched again
    breaks = 0  # <br> since the last text: two of them part paragraphs
    while True:
        found = _TOKEN.search(markup, at)
        text = markup[at : found.start() if found else len(markup)]
        if text:
            if breaks and not text.isspace():
                breaks = 0
            current.append(text)
        if found is None:
            break
        at = found.end()
        if found["name"] is None:
            if found[0] == "<!--":
                end = markup.find("-->", at)
                at = len(markup) if end < 0 else end + 3
            continue
        name = found["name"].lower()
        if name in _SILENT and name not in unended and not found["close"] and not found["rest"].endswith("/"):
            end = _end_of(name, markup, at)
            if end < 0:
                unended.add(name)
            at = max(at, end)
        if name == "br":
            breaks += 1
            current.append(" ")
        if name in _BLOCKS or breaks == 2:
            yield "".join(current)
            current, breaks = [], 0
        elif name in ("td", "th", "img"):
            current.append(" ")
    yield "".join(current)


def _end_of(name: str, markup: str, at: int) -> int:
    found = re.compile(rf"</{name}\b[^<>]*+>", re.IGNORECASE).search(markup, at)
    return found.end() if found else -1


def plain_lines(text: str | None) -> str | None:
    """Text that is no markup, in paragraphs parted by blank lines."""
    if not text:
        return None
    paragraphs = re.split(r"\n[^\S\n]*\n\s*", storable(text).replace("\r\n", "\n").replace("\r", "\n"))
    lines = (_SPACES.sub(" ", _MARKS.sub("", p)).strip() for p in paragraphs)
    return "\n\n".join(p for p in lines if p)[:TEXT_CHARS].rstrip() or None


def first_image(markup: str | None) -> str | None:
    """The address of the first picture in an HTML fragment that is no pixel to count readers with."""
    if not markup or "<img" not in markup.lower():
        return None
    for found in _TOKEN.finditer(markup[:200_000]):
        if (found["name"] or "").lower() == "img" and not re.search(
            r"""(?:width|height)\s*=\s*["']?[01]\b""", found["rest"]
        ):
            source = _SRC.search(found["rest"])
            if source:
                return html.unescape(source[1] or source[2] or source[3] or "").strip() or None
    return None
