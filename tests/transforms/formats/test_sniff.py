import json

import pytest

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.formats import sniff as s

RECORD = {"title": "T", "text": "Some text"}
LINE = json.dumps(RECORD)
ATOM = 'xmlns="http://www.w3.org/2005/Atom"'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("date 2023-01-31 Talks were held.", s.TEXT),
        ("Talks <b>were</b> held", s.TEXT),
        ("<Acme Ltd> said it agreed to sell its mines.", s.TEXT),
        ("[Reuters] Talks were held.", s.TEXT),
        ("{sic} Talks were held.", s.TEXT),
        ("Talks, headlines and text, were held.", s.TEXT),
        ("A page has <html> in it, they say.", s.TEXT),
        ("Warning: no time zone\n<html><body></body>", s.HTML),
        ("Warning: no time zone\n<rss version='2.0'>", s.FEED),
        ("<!DOCTYPE html>\n<html><body>", s.HTML),
        ("  <!-- x --> <p>Text</p>", s.HTML),
        ('<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0"><html>', s.HTML),
        ('<html><script>"<rss version=2>"</script>', s.HTML),
        ('<?xml version="1.0"?>\n<!-- a <b> --><rss version="2.0"><channel>', s.FEED),
        (f"<!DOCTYPE html><feed {ATOM}><title>", s.FEED),
        (f"<atom:feed {ATOM}>", s.FEED),
        (f"<entry {ATOM}>", s.FEED),
        ("\ufeff\n<rdf:RDF xmlns:rdf='x'>", s.FEED),
        ("<rss><channel><description>&lt;html></description>", s.FEED),
        ('<opml version="2.0">', s.OPML),
        ('<urlset xmlns="x">', s.SITEMAP),
        ("<sitemapindex>", s.SITEMAP),
        (LINE, s.JSON),
        (json.dumps(RECORD, indent=1), s.JSON),
        ('{"title": "T", "text": ', s.JSON),
        (f"{LINE}\n{LINE}\n", s.JSON_LINES),
        (f"{LINE}\nno json\n", s.JSON_LINES),
        (f"broken {{\n{LINE}\n{LINE}\n", s.JSON_LINES),
        ('{"text": \n' + LINE, s.JSON_LINES),
        (f"\x1e{LINE}\n\x1e{LINE}\n", s.JSON_LINES),
        (json.dumps({"text": "<html><rss >"}) + "\n" + LINE, s.JSON_LINES),
        ("title,text\nA,<html></html>\n", s.CSV),
        (f"[{LINE}]", s.JSON_ARRAY),
        ("[\n]", s.JSON_ARRAY),
        ("https://example.org/feed\n# more\n\nhttp://example.com/rss\n", s.URLS),
        ("https://example.org/feed says\n", s.TEXT),
        ("title,text\nA,B\n", s.CSV),
        ("\ufeffid;headline;body;Published At\n", s.CSV),
        ("url\ttext\nx\ty\n", s.CSV),
        ("name,age\nA,3\n", s.TEXT),
        ("WARC/1.0\r\nWARC-Type: warcinfo\r\n", s.WARC),
        ("PAR1...", s.PARQUET),
        ("text with \x00 one zero in a line", s.TEXT),
    ],
)
def test_a_format_is_told_by_content(text: str, expected: str) -> None:
    assert s.sniff(text.encode(), is_whole=True) == expected


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"\xef\xbb\xbf\r\n", "empty"),
        (b"\0" * 100, "binary"),
        (b"%PDF-1.7\n", "binary"),
        (b"\x89PNG\r\n\x1a\n", "binary"),
        (bytes(range(256)) * 40, "binary"),
        (b"<?xml version='1.0'?><nitf><body/></nitf>", "bad_xml"),
    ],
)
def test_what_is_not_read_has_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(BadRecord) as caught:
        s.sniff(data, is_whole=True)
    assert caught.value.reason == reason


def test_a_line_longer_than_the_head_is_json_lines() -> None:
    assert s.sniff(b'{"text": "' + b"x" * 1000, is_whole=False) == s.JSON_LINES
