import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbeam.transforms.feeds.plain import first_image, one_line, plain_lines, plain_text, plain_title, storable


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("Rates <b>rise</b> again", "Rates rise again"),
        ("Bread &amp; butter", "Bread & butter"),
        ("Bread &amp;amp; butter", "Bread & butter"),
        ("Use of List<String> in Java", "Use of List<String> in Java"),
        ("Is 3 < 4 or 5 > 4?", "Is 3 < 4 or 5 > 4?"),
        ("a<br/>b", "a b"),
        ("  two\n lines\t", "two lines"),
        ("x<script>alert(1)</script>y", "xy"),
        ("\u202etxet\u202c \u200bin\x00 marks", "txet in marks"),
        ("AT&T profits", "AT&T profits"),
        ("&lt;i&gt;Nature&lt;/i&gt; on ice", "Nature on ice"),
        ("", None),
        ("<p></p>", None),
        (None, None),
    ],
)
def test_titles_are_plain_text_on_one_line(markup: str | None, expected: str | None) -> None:
    assert plain_title(markup) == expected


def test_titles_are_capped() -> None:
    title = plain_title("<b>word</b> " * 100_000)
    assert title is not None and len(title) <= 1_000 and title.startswith("word word")


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("One.<br><br>Two.", "One.\n\nTwo."),
        ("One,<br>still one.", "One, still one."),
        ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("<p>Fish &amp; chips</p>", "Fish & chips"),
        ("<p>a<img alt='x > y' src=z>b</p>", "a b"),
        ("<style>p{}</style>seen<script>if(a<b){}</script>", "seen"),
        ("a<!-- not <b>this</b> -->b", "ab"),
        ("a<!-- unclosed", "a"),
        ("1 < 2 and <b>bold</b>", "1 < 2 and bold"),
        ('<P CLASS="x">Upper</P>', "Upper"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("<p>soft&shy;hyphen&nbsp;space</p>", "softhyphen space"),
        ("<p> </p>", None),
        (None, None),
    ],
)
def test_bodies_become_paragraphs(markup: str | None, expected: str | None) -> None:
    assert plain_text(markup) == expected


@given(st.text(alphabet="<>/\"'!- =abp&;#x0\n", max_size=200))
def test_any_markup_becomes_text(markup: str) -> None:
    text = plain_text(markup)
    assert text is None or text.strip() == text != ""
    plain_title(markup)
    first_image(markup)


@pytest.mark.parametrize("unit", ["<!--", '<a b="', '<a b=\'x" c="', "<script>", "<div>", "&", "<", "</", "<a "])
def test_hostile_markup_is_read_once(unit: str) -> None:
    text = plain_text("start " + unit * 20_000)
    assert text is not None and text.startswith("start")


def test_text_without_markup_keeps_its_paragraphs() -> None:
    assert plain_lines("One\nstill one.\r\n\r\n Two <b>.\x00") == "One\nstill one.\n\nTwo <b>.".replace(
        "One\nstill", "One still"
    )


def test_what_cannot_be_stored_goes() -> None:
    assert storable("a\x00b\x08c\ud800d\u2028e\x85") == "abcd\ne\x85"
    assert one_line("\x00 ") is None


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<p><img src="/a.png?x=1&amp;y=2"></p>', "/a.png?x=1&y=2"),
        ('<img width="1" height="1" src="/pixel.gif"><img src=b.jpg>', "b.jpg"),
        ("no picture", None),
        (None, None),
    ],
)
def test_finds_the_first_picture(markup: str | None, expected: str | None) -> None:
    assert first_image(markup) == expected
