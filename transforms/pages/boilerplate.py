"""Paragraphs that extraction leaves in an article though they are none of its text: labels, pleas, links, credits."""

import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from newsbeam.transforms.feeds.dates import read_moment

_SHORT_CHARS = 250  # a longer paragraph says more than its first words
_TAIL = 6  # credits are looked for among the last paragraphs, datelines among the first
_HEAD = 5
_WORD = re.compile(r"\w+")
_READING_TIME = re.compile(
    r"(?:\D{0,25}:?\s*)?\d{1,3}\s*(?:min(?:\.|utes?|uten?|utos?|uto|uti|ut)?)\b\D{0,20}"
    r"(?:read|lese\w*|leitura|lectura|lecture|lettura|leestijd|czytania)\w*\.?"
    r"|(?:reading time|lesezeit|lesedauer|tempo de leitura|tiempo de lectura|temps de lecture|"
    r"tempo di lettura|leestijd)\W.{0,20}",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"(?:by|von|por|par|di|door|af|av|od|от)\s*:?\s+(.+)", re.IGNORECASE)
_DATELINE = re.compile(
    r"(?:(?:first |last )?(?:published|posted|updated|veröffentlicht|aktualisiert|publié|publicado|pubblicato|stand|"
    r"erstellt|mis à jour|actualizado|atualizado|aggiornato|gepubliceerd|opublikowano|zuletzt aktualisiert)\b.{0,80})",
    re.IGNORECASE,
)
_PIPES = re.compile(r"\s*(?<!\\)\|\s*")
_RULE = re.compile(r"[\s|:\-\u2013\u2014_*=.]*")
_SENTENCE_END = re.compile(r"[.!?\u2026\u3002\uff01\uff1f][\"'\u201d\u2019\u00bb)]*$")


class _Patterns(NamedTuple):
    """One pattern a kind of boilerplate."""

    list: re.Pattern[str]
    link: re.Pattern[str]
    label: re.Pattern[str]
    plea: re.Pattern[str]
    credit: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    phrases: dict[str, list[str]] = {}
    for line in files(__package__).joinpath("boilerplate.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, _, listed = line.split("\t")
            phrases.setdefault(kind, []).extend(listed.split("|"))
    return _Patterns(**{kind: _pattern(listed) for kind, listed in phrases.items()})


def _pattern(phrases: list[str]) -> re.Pattern[str]:
    whole = [_escaped(p) + r"[\s:.!\u2026>\u00bb]*$" for p in phrases if not p.endswith("\u2026")]
    begun = [_escaped(p[:-1]) for p in phrases if p.endswith("\u2026")]
    return re.compile(rf"\W{{0,3}}(?:{'|'.join([*whole, *begun])})", re.IGNORECASE)


def _escaped(phrase: str) -> str:
    """A phrase as a pattern: "…" within it stands for a few words, a word at its end is whole."""
    escaped = ".{0,60}?".join(re.escape(part) for part in phrase.split("\u2026"))
    return escaped + (r"\b" if phrase[-1:].isalnum() and not "\u3000" < phrase[-1] else "")


def clean_paragraphs(lines: list[str], titles: list[str], authors: list[str]) -> list[str]:
    """The lines of an extracted article without its titles, datelines, labels, pleas, links to others, and credits."""
    patterns = _patterns()
    kept: list[str] = []
    title_keys, author_keys = [_key(title) for title in titles], {_key(name) for name in authors}
    in_list = False
    for line in lines:
        is_item = line.lstrip().startswith("- ")
        text = _flat(line)
        if not text:
            continue
        if in_list and is_item and not _SENTENCE_END.search(text):
            continue
        in_list = len(text) <= 60 and bool(patterns.list.match(text))
        if in_list or _is_between(text, patterns):
            continue
        if len(kept) < _HEAD and _is_head(text, title_keys, author_keys):
            continue
        kept.append(text)
    _drop_tail(kept, patterns, author_keys)
    return kept


def _flat(line: str) -> str:
    """A line of trafilatura's text without its marks of list items and table cells."""
    text = line.strip()
    if "|" in text and (text.startswith("|") or text.endswith("|")):
        cells = [cell for cell in _PIPES.split(text) if cell and not _RULE.fullmatch(cell)]
        text = " | ".join(cells)
    text = text.removeprefix("- ").replace("\\|", "|").strip()
    return "" if _RULE.fullmatch(text) else text


def _is_between(text: str, patterns: _Patterns) -> bool:
    if len(text) > _SHORT_CHARS:
        return False
    if len(text) <= 60 and patterns.label.match(text):
        return True
    return bool(patterns.link.match(text) or patterns.plea.match(text))


def _is_head(text: str, title_keys: list[str], author_keys: set[str]) -> bool:
    """Whether a paragraph at the start repeats what has columns of its own: title, author, date."""
    if len(text) > _SHORT_CHARS:
        return False
    key = _key(text)
    if any(key == title or (len(key) > 25 and key in title) for title in title_keys):
        return True
    if key in author_keys:
        return True
    byline = _BYLINE.match(text)
    if byline and len(text) < 80 and (any(k and k in key for k in author_keys) or _is_name_list(byline[1])):
        return True
    if _READING_TIME.fullmatch(text) or (
        len(text) < 100 and _DATELINE.fullmatch(text) and any(c.isdigit() for c in text)
    ):
        return True
    return len(text) < 50 and len(_WORD.findall(text)) <= 9 and text[-1] not in "!?" and read_moment(text) is not None


def _is_name_list(text: str) -> bool:
    words = [
        word
        for word in _WORD.findall(text)
        if word not in ("and", "und", "et", "y", "e", "de", "van", "von", "der", "en")
    ]
    return 1 < len(words) <= 6 and all(word[0].isupper() for word in words) and not _SENTENCE_END.search(text)


def _drop_tail(kept: list[str], patterns: _Patterns, author_keys: set[str]) -> None:
    """Take credits off the end of a text."""
    dropped = 0
    while kept and dropped < _TAIL:
        text = kept[-1]
        is_signature = len(text) < 80 and _key(text) in author_keys
        if not is_signature and (len(text) > 2 * _SHORT_CHARS or not patterns.credit.match(text)):
            return
        kept.pop()
        dropped += 1


def _key(text: str) -> str:
    return "".join(_WORD.findall(unicodedata.normalize("NFKC", text))).casefold()
