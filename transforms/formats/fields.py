"""Find what an article needs in records whose fields have the usual names."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from newsbeam.transforms.feeds.plain import plain_text, plain_title

# Names are compared without case, underscores, hyphens, spaces and colons; earlier ones win.
_NAMES = {
    "entry_id": "id guid uid articleid entryid docid documentid uuid",
    "url": "url link uri canonicalurl articleurl weburl permalink externalurl sourceurl href loc address",
    "title": "title headline webtitle headlines titles name",
    "text": "text body content articlebody maintext bodytext fulltext contenttext articletext contenthtml bodyhtml "
    "articlecontent storytext rawtext cleanedtext texts plaintext html article",
    "published": "publishedat published datepublished pubdate publicationdate publishdate date publishedon "
    "publishedtime datepublish publisheddate webpublicationdate firstpublicationdate created createdat datecreated "
    "createdtime creationdate timepublished publishtime datetimepub postedat timestamp datetime time seendate",
    "updated": "updatedat updated modified datemodified modifiedat lastmodified lastupdated updateddate",
    "authors": "authors author byline creator dccreator bylines",
    "summary": "summary description abstract dek excerpt standfirst subtitle teaser lead",
    "tags": "tags keywords categories category topics sections section tag subjects newskeywords",
    "language": "language lang inlanguage languagecode",
    "publisher": "publisher source sourcename sitename site domain outlet publication newspaper media sourcedomain",
    "image": "image imageurl urltoimage topimage thumbnail leadimage",
    "is_free": "isfree isaccessibleforfree",
}
_WRAPPERS = frozenset("_source article document doc item entry news fields data attributes mainentity".split())
_LISTS = "articles items entries results docs documents news stories records hits rows data response feed".split()
_VALUE_KEYS = "text value plain rendered content html name title body $t _ main original url href".split()
_MARKUP = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(?:p|div|article|section|h[1-6]|span|html|!doctype|body|ul|figure|main)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_AND = re.compile(r"\s*(?:;|\band\b|\bund\b|&)\s*")
_BY = re.compile(r"^\s*by\s+", re.IGNORECASE)


def _folded(name: str) -> str:
    return re.sub(r"[_\-\s:.]", "", name).lower()


_FIELDS = {_folded(name): (field, rank) for field, names in _NAMES.items() for rank, name in enumerate(names.split())}
_HTML_NAMES = {"contenthtml", "bodyhtml", "html"}


class Fields(NamedTuple):
    """What a record says, in its own words: dates unread, addresses as given."""

    entry_id: str | None
    url: str | None
    title: str | None
    text: str | None
    html: str | None  # instead of text: markup that is still to be read
    published: object
    updated: object
    authors: list[str]
    summary: str | None
    tags: list[str]
    language: str | None
    publisher: str | None
    image_url: str | None
    is_free: bool | None


def is_header(names: Sequence[str]) -> bool:
    """Whether the names of columns are those of articles: short, and a text or title beside another known one."""
    known = [_FIELDS[_folded(name)][0] for name in names if _folded(name) in _FIELDS]
    return len(known) > 1 and bool({"text", "title"} & set(known)) and all(len(name) <= 60 for name in names)


def records_in(document: Mapping[str, Any], depth: int = 3) -> list[Any] | None:
    """The list of articles inside an object that is none itself, as in `{"articles": [...]}`; None if it is one."""
    if depth == 0 or _has_text(document):
        return None
    folded = {_folded(str(name)): value for name, value in document.items()}
    for name in _LISTS:
        value = folded.get(name)
        if isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
            return value
        if isinstance(value, Mapping) and (inner := records_in(value, depth - 1)) is not None:
            return inner
    return None


def read_fields(record: Mapping[str, Any]) -> Fields:
    """The fields of a record, found by their usual names, also one level down."""
    found: dict[str, tuple[int, str, Any]] = {}
    layers = [
        record,
        *(record[name] for name in record if str(name).lower() in _WRAPPERS and isinstance(record[name], Mapping)),
    ]
    for depth, layer in enumerate(layers):
        for name, value in layer.items():
            field, rank = _FIELDS.get(_folded(str(name)), ("", 0))
            if not field or _is_nothing(value) or (field == "text" and not _one(value)):
                continue
            if field not in found or depth * 100 + rank < found[field][0]:
                found[field] = (depth * 100 + rank, _folded(str(name)), value)
    values = {field: value for field, (_, _, value) in found.items()}
    text, html = _one(values.get("text"), "\n\n"), None
    if text and (found["text"][1] in _HTML_NAMES or _MARKUP.match(text)):
        text, html = None, text
    free = values.get("is_free")
    return Fields(
        entry_id=_one(values.get("entry_id")),
        url=_address(values.get("url")) or _address(values.get("entry_id")),
        title=plain_title(_one(values.get("title"))),
        text=text,
        html=html,
        published=_scalar(values.get("published")),
        updated=_scalar(values.get("updated")),
        authors=_authors(values.get("authors")),
        summary=plain_text(_one(values.get("summary"), "\n\n")),
        tags=_names(values.get("tags"), re.compile(r"\s*[;,|]\s*")),
        language=_one(values.get("language")),
        publisher=_one(values.get("publisher")),
        image_url=_address(values.get("image")),
        is_free=_truth(free),
    )


def _has_text(document: Mapping[str, Any]) -> bool:
    return any(
        _FIELDS.get(_folded(str(name)), ("",))[0] == "text" and isinstance(v, str) for name, v in document.items()
    )


def _is_nothing(value: Any) -> bool:
    return (
        value is None or (isinstance(value, str | list | dict) and not value) or value != value
    )  # NaN of a data frame


def _scalar(value: Any) -> Any:
    """A value itself, the first of a list, or what an object holds under a usual key."""
    if isinstance(value, Mapping):
        return next((_scalar(value[key]) for key in [*_VALUE_KEYS, "$date"] if not _is_nothing(value.get(key))), None)
    if isinstance(value, list | tuple):
        return next((_scalar(one) for one in value if not _is_nothing(one)), None)
    return value


def _one(value: Any, joint: str = " ") -> str | None:
    """A value as text: parts of a list joined, an object by its usual key, numbers as written."""
    if isinstance(value, list | tuple):
        return joint.join(part for one in value if (part := _one(one, joint))) or None
    scalar = _scalar(value)
    if isinstance(scalar, str):
        return scalar if scalar.strip() else None
    return str(scalar) if isinstance(scalar, int | float) and not isinstance(scalar, bool) else None


def _address(value: Any) -> str | None:
    address = _one(value if not isinstance(value, list) else value[:1])
    address = address.strip() if address else ""
    return address if re.match(r"https?://\S+$", address, re.IGNORECASE) else None


def _names(value: Any, split: re.Pattern[str]) -> list[str]:
    """Names in a list, in objects with a name, or parted by marks in one text; each once."""
    named = value if isinstance(value, list | tuple) else _one(_named(value))
    parts: Iterable[Any] = split.split(named) if isinstance(named, str) else named or ()
    names = [" ".join(name.split()) for part in parts if (name := _one(_named(part)))]
    return list(dict.fromkeys(name for name in names if name))


def _authors(value: Any) -> list[str]:
    """Names of authors. A comma parts two names where there is more than a word on either side: not in "Lee, Ann"."""
    names = []
    for name in (_BY.sub("", name) for name in _names(value, _AND)):
        parts = [part.strip() for part in name.split(",")]
        names += parts if all(" " in part for part in parts) else [name]
    return list(dict.fromkeys(name for name in names if name))


def _named(part: Any) -> Any:
    """The name in an object of a person or tag; anything else as it is."""
    if isinstance(part, Mapping):
        return next((part[key] for key in ("name", "title", "label", "term", "value", "text") if part.get(key)), part)
    return part


def _truth(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(str(value).strip().lower())
