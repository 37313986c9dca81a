import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbeam.transforms.urls import canonical_url, host_of

STORY = "https://paper.test/world/quake-hits-12"


@pytest.mark.parametrize(
    "variant",
    [
        "http://paper.test/world/quake-hits-12",
        "HTTPS://WWW.Paper.TEST/world/quake-hits-12/",
        "https://paper.test.:443/world/quake-hits-12",
        "https://reader:secret@m.paper.test/world/quake-hits-12#comments",
        "https://mobile.paper.test//world/./x/../quake-hits-12",
        "https://amp.paper.test/world/quake-hits-12",
        "https://paper.test/world/quake-hits-12/amp/",
        "https://paper.test/amp/world/quake-hits-12",
        "https://paper.test/world/quake-hits-12.amp",
        "https://paper.test/world/quake-hits-12?amp",
        "https://paper.test/world/quake-hits-12?utm_source=rss&UTM_Medium=feed&at_link=2",
        "https://paper.test/world/quake-hits-12?ref=rss&from=newsletter&amp;mode=print",
        "https://paper.test/world/quake-hits-12;jsessionid=0A1B?sid=0123456789abcdef0123",
        "https://paper.test/world/quake-hits-12/index.html?page=1",
        "https://paper.test/world/%71uake-hits-12#:~:text=quake",
        "https://paper.test/world/quake-hits-12?CMP=share_btn_tw&s=09",
        "//paper.test/world/quake-hits-12",
        " https://paper.test/world/quake-\nhits-12\t",
        "https://www.google.com/amp/s/paper.test/world/quake-hits-12",
        "https://paper-test.cdn.ampproject.org/c/s/paper.test/world/quake-hits-12?amp_js_v=0.1",
    ],
)
def test_variants_of_an_address_are_one(variant: str) -> None:
    assert canonical_url(variant) == STORY


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("https://paper.test/?p=31", "https://paper.test/?p=32"),
        ("https://paper.test/a?ref=31", "https://paper.test/a?ref=32"),
        ("https://paper.test/a?page=2", "https://paper.test/a"),
        ("https://paper.test/?page=1", "https://paper.test/"),
        ("https://paper.test/?s=12", "https://paper.test/"),
        ("https://paper.test/a?v=Xy", "https://paper.test/a?v=xY"),
        ("https://paper.test/Story", "https://paper.test/story"),
        ("https://paper.test/#!/12", "https://paper.test/#!/13"),
        ("https://paper.test/#/12", "https://paper.test/#/13"),
        ("https://paper.test/go?url=http%3A%2F%2Fa.test", "https://paper.test/go?url=http%3A%2F%2Fb.test"),
        ("https://paper.test/a%2F1", "https://paper.test/a/1"),
        ("https://paper.test/en/a", "https://paper.test/fr/a"),
        ("https://paper.test/lamp", "https://paper.test/l"),
        ("https://paper.test/tag/amp", "https://paper.test/tag"),
        ("https://amp.com.au/a", "https://com.au/a"),
        ("https://paper.test:8080/a", "https://paper.test/a"),
        ("https://paper.test/a?x=1&x=2", "https://paper.test/a?x=2&x=1"),
        ("https://paper.test/a?q=1%262", "https://paper.test/a?q=1&2"),
    ],
)
def test_addresses_of_two_articles_stay_two(a: str, b: str) -> None:
    assert canonical_url(a) != canonical_url(b)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Zürich.test/böse", "https://xn--zrich-kva.test/b%C3%B6se"),
        ("https://paper.test?b=2&a=1", "https://paper.test/?a=1&b=2"),
        ("https://paper.test/a b?q=x y", "https://paper.test/a%20b?q=x+y"),
        ("https://en.m.wiki.test/Paper", "https://en.wiki.test/Paper"),
        ("http://[2001:db8::1]:80/a", "https://[2001:db8::1]/a"),
        ("https://paper.test/100%/x", "https://paper.test/100%25/x"),
    ],
)
def test_canonical_spelling(url: str, expected: str) -> None:
    assert canonical_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [None, "", "   ", "story.html", "/world/a", "mailto:a@paper.test", "javascript:void(0)", "https://", "http://[::1",
     "https://paper.test:port/", "https://a..b/", "urn:uuid:1", "https://exa mple.test/", 'https://"x"/', "https://-/"],
)  # fmt: skip
def test_what_is_no_address_has_none(url: str | None) -> None:
    assert canonical_url(url) is None
    assert host_of(url) is None


def test_host_of_a_publisher() -> None:
    assert host_of("http://www.Paper.test:8080/a") == "paper.test"
    assert host_of("https://m.paper.co.uk/a") == "paper.co.uk"


@given(st.text() | st.text("ahtps:/.?&=#%;2F~ ampww\x00é\ud800", max_size=60).map("https://paper.test/".__add__))
def test_it_never_raises_and_is_its_own_normal_form(url: str) -> None:
    once = canonical_url(url)
    assert once is None or canonical_url(once) == once
