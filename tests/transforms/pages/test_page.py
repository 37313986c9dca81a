"""Pages written for these tests: text, title, instants, encodings, limits."""

import json

import pytest

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.instants import moment_of
from newsbeam.transforms.pages.page import read_page

URL = "https://www.elmsford.example/news/bridge"
SENTENCES = (
    "The council of Elmsford voted on Tuesday to close the old bridge over the river Wend for eight months.",
    "Engineers had found cracks in two of its five piers, said Maria Holt, who leads the department of roads.",
    "About 12,000 cars cross the bridge each day, and most of them will have to go by way of Northgate.",
    "Shopkeepers in the lower town fear for their trade and have asked the council for help with their rents.",
    "Work is to begin in June and will cost 4.3 million crowns, half of which the province has promised to pay.",
    "A ferry for people on foot will run from six in the morning until ten at night while the bridge is shut.",
)
TEXT = "\n\n".join(SENTENCES)


def page(head: str = "", *, before: str = "", after: str = "", body: str | None = None) -> bytes:
    paragraphs = body if body is not None else "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head>{head}</head><body><nav><a href="/">Home</a></nav>'
        f"<main><article>{before}{paragraphs}{after}</article></main><footer><p>Imprint</p></footer></body></html>"
    ).encode()


def ld(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(fields)}</script>'


def when(html: bytes) -> tuple[str | None, str | None]:
    read = read_page(html, url=URL)
    return moment_of(read.published_at).isoformat() if read.published_at is not None else None, read.date_source


def test_reads_all_that_a_page_says() -> None:
    head = ld(
        **{"@context": "https://schema.org", "@type": "NewsArticle"},
        headline="Elmsford&#39;s bridge to close",
        datePublished="2024-03-05T10:00:00+01:00",
        dateModified="2024-03-06T10:00:00Z",
        author=[{"@type": "Person", "name": "Ines Roth"}, {"name": "Jo Park"}],
        keywords="roads, bridges,roads",
        isAccessibleForFree="False",
        image={"url": "/bridge.jpg"},
    )
    head += '<link rel="canonical" href="/news/bridge-to-close">'
    head += '<meta name="description" content="Eight &amp; more months.">'
    read = read_page(page(head, before="<h1>Elmsford's bridge to close</h1><p>By Ines Roth and Jo Park</p>"), url=URL)
    assert read._asdict() == {
        "url": "https://www.elmsford.example/news/bridge-to-close",
        "title": "Elmsford's bridge to close",
        "authors": ["Ines Roth", "Jo Park"],
        "text": TEXT,
        "summary": "Eight & more months.",
        "published_at": 1_709_629_200_000_000,
        "published_raw": "2024-03-05T10:00:00+01:00",
        "date_source": "jsonld",
        "updated_at": 1_709_719_200_000_000,
        "language": "en",
        "tags": ["roads", "bridges"],
        "image_url": "https://www.elmsford.example/bridge.jpg",
        "is_free": False,
        "text_method": "fast",
    }


def test_a_page_that_says_nothing_has_nothing() -> None:
    read = read_page(b"<html><body><div></div></body></html>")
    assert read == (None, None, [], "", None, None, None, None, None, None, [], None, None, "none")


META = '<meta property="article:published_time" content="2024-03-05T08:00:00Z">'
DAY = '<meta name="date" content="2024-03-04">'
LD = '<script type="application/ld+json">'
NEWS = {"@type": "NewsArticle"}
NINE = "2024-03-05T09:00Z"
TIME = '<time datetime="2024-03-05T07:00:00Z">5 March</time>'


@pytest.mark.parametrize(
    ("head", "before", "expected"),
    [
        (ld(**NEWS, datePublished="2024-03-05T09:00:00Z") + META, TIME, ("2024-03-05T09:00:00+00:00", "jsonld")),
        (META, TIME, ("2024-03-05T08:00:00+00:00", "meta")),
        ("", TIME, ("2024-03-05T07:00:00+00:00", "time")),
        ("", '<p class="byline">Published on 5 March 2024</p>', ("2024-03-05T00:00:00+00:00", "htmldate")),
        ("", "", (None, None)),
        # a thing that the article mentions, or another kind of thing, is not the article
        (ld(**{"@type": "Event"}, datePublished="2020-01-01T00:00:00Z"), TIME, ("2024-03-05T07:00:00+00:00", "time")),
        (ld(**{"@graph": [{"@type": ["Report"], "datePublished": NINE}]}), "", ("2024-03-05T09:00:00+00:00", "jsonld")),
        (ld(**{"@type": "NewsArticle"}, datePublished="2024-02-30") + META, "", ("2024-03-05T08:00:00+00:00", "meta")),
        (LD + '{"@type":"Report","datePublished":"2024-03-05",}</script>', "", ("2024-03-05T00:00:00+00:00", "jsonld")),
        (LD + "[" * 50_000 + "</script>" + META, "", ("2024-03-05T08:00:00+00:00", "meta")),
        (LD + '{"@type": "NewsArticle", "datePublished": 5}</script>', "", (None, None)),
        # a day says less than a time of the same source
        (DAY + '<meta name="pubdate" content="2024-03-05T08Z">', "", ("2024-03-05T08:00:00+00:00", "meta")),
        (DAY, "", ("2024-03-04T00:00:00+00:00", "meta")),
        ('<meta name="last-modified" content="2024-03-04T08:00:00Z">', "", (None, None)),
        ("", '<time class="updated" datetime="2024-03-07T07:00:00Z">x</time>', (None, None)),
    ],
)  # fmt: skip
def test_instants_come_from_the_surest_source(head: str, before: str, expected: tuple[str | None, str | None]) -> None:
    got = when(page(head, before=before))
    if expected == (None, None):  # htmldate may find a day in what is left, but no other source may be named
        assert got[1] in (None, "htmldate")
    else:
        assert got == expected


OG = '<meta property="og:site_name" content="Elmsford Post">'


@pytest.mark.parametrize(
    ("head", "before", "expected"),
    [
        (OG + '<meta property="og:title" content="Bridge &amp; ferry | Elmsford Post">', "", "Bridge & ferry"),
        ("<title>Bridge to close - elmsford.example</title>", "", "Bridge to close"),
        ("<title>Bridge: what now? - Some Paper</title>", "<h1>Bridge: what now?</h1>", "Bridge: what now?"),
        ("<title>Trump - the bridge</title>", "", "Trump - the bridge"),
        ("", "<h1>Only a heading</h1>", "Only a heading"),
        ("<title></title>", "", None),
    ],
)  # fmt: skip
def test_titles_lose_the_name_of_the_site(head: str, before: str, expected: str | None) -> None:
    assert read_page(page(head, before=before), url=URL).title == expected


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://elmsford.example/b", "https://elmsford.example/b"),
        ("/b", "https://www.elmsford.example/b"),
        ("https://thief.example/b", URL),
        ("javascript:1", URL),
        ("http://[::1/", URL),
        ("", URL),
    ],
)
def test_the_canonical_address_lies_on_the_same_host(href: str, expected: str) -> None:
    assert read_page(page(f'<link rel="canonical" href="{href}">'), url=URL).url == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<h1>Bridge</h1><p>5 March 2024, 10:00</p><p>3 min read</p>", "<p>Read more: How the bridge was built</p>"),
        (
            "<p>Advertisement</p>",
            "<p>Sign up for our newsletter and never miss a story.</p><p>\u00a9 2024 Elmsford Post</p>",
        ),
        (
            "<p>Published: 5 March 2024</p>",
            "<p>Related articles</p><ul><li>Ferry is late</li><li>More cracks found</li></ul>",
        ),
        ("", "<p>Reporting by Jo Park; editing by Ines Roth</p>"),
        ("", "<p>Lesen Sie auch: Wie die Br\u00fccke gebaut wurde</p>"),
    ],
)
def test_what_is_none_of_the_text_goes(before: str, after: str) -> None:
    assert read_page(page("<title>Bridge</title>", before=before, after=after)).text == TEXT


@pytest.mark.parametrize(
    "sentence",
    [
        "Read more books, the minister told the children of the school on the hill this morning in his speech.",
        "Share prices fell by three per cent.",
        "Sources: two men who have seen the letter told this newspaper that it had never been sent to anybody at all.",
        "By 2030 the bridge will carry trams.",
        "Print is not dead.",
    ],
)
def test_sentences_that_begin_like_labels_stay(sentence: str) -> None:
    assert sentence in read_page(page(after=f"<p>{sentence}</p><p>{SENTENCES[0][:-1]}, again.</p>")).text


@pytest.mark.parametrize(
    ("encoding", "head", "content_type"),
    [
        ("utf-8", "", None),
        ("utf-8", '<meta charset="iso-8859-1">', "text/html; charset=latin-1"),  # valid UTF-8 is UTF-8
        ("utf-8-sig", "", None),
        ("cp1252", '<meta charset="utf-8">', None),
        ("cp1252", '<meta charset="iso-8859-1">', None),
        ("utf-16", "", None),
        ("utf-16-le", "", None),
        ("cp1250", "", "text/html; charset=windows-1250"),
    ],
)
def test_encodings(encoding: str, head: str, content_type: str | None) -> None:
    html = page(head, after="<p>\u201eCaf\u00e9\u201c, sagte sie und blieb noch sitzen.</p>").decode().encode(encoding)
    assert read_page(html, content_type=content_type).text.endswith(
        "\u201eCaf\u00e9\u201c, sagte sie und blieb noch sitzen."
    )


def test_shift_jis_by_its_declaration() -> None:
    words = "市議会は火曜日、古い橋を八か月間閉鎖することを決めた。"
    html = page('<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">', body=f"<p>{words * 10}</p>")
    assert words in read_page(html.decode().encode("shift_jis")).text


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (b"", "empty"),
        (b" \n\x00", "empty"),
        (page(body="<div>" * 60_000 + "x" + "</div>" * 60_000), "too_deep"),
        (page(body="<p " + " ".join(f'a{n}="1"' for n in range(300_000)) + ">x</p>"), "too_deep"),
        (page(body="<p " + " ".join(f'a{n}=">"' for n in range(3_000)) + ">x</p>"), "too_deep"),
        (page(body='<p title="<script"' + " ".join(f"a{n}" for n in range(3_000)) + ">x</p>"), "too_deep"),
        (page(body="x" * (5 * 2**20)), "too_large"),
        (bytes(range(256)) * 20, "binary"),
    ],
)
def test_what_is_over_the_limits_is_refused(html: bytes, reason: str) -> None:
    with pytest.raises(BadRecord) as bad:
        read_page(html, url=URL)
    assert (bad.value.stage, bad.value.reason, bad.value.origin) == ("parse", reason, URL)


def test_long_attributes_are_no_attack() -> None:
    props = json.dumps({"items": ["<b>x</b> > y"] * 10_000}).replace('"', "&quot;")
    assert read_page(page(before=f'<div data-props="{props}"></div>')).text == TEXT


def test_xml_declarations_and_nul_do_no_harm() -> None:
    html = b'<?xml version="1.0" encoding="utf-8"?>\n' + page().replace(b"Elmsford", b"Elms\x00ford", 1)
    assert read_page(html).text == TEXT


@pytest.mark.parametrize(
    ("value", "expected"), [(True, True), ("http://schema.org/False", False), ("maybe", None), (None, None)]
)
def test_free_or_not_is_only_what_the_page_says(value: object, expected: bool | None) -> None:
    assert read_page(page(ld(**{"@type": "NewsArticle"}, isAccessibleForFree=value))).is_free is expected
