"""Poll feeds with the whole command, against servers on the loopback."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from newsbeam.pipeline.cli import main
from tests.pipeline.lakes import rows, run

_PAGE = """<html lang="en"><head><title>{title}</title>
<script type="application/ld+json">
{{"@type": "NewsArticle", "datePublished": "2024-05-08T09:30:00+02:00"}}</script></head>
<body><article><h1>{title}</h1><p>{text}</p>
<p>The governor visited the town in the evening and spoke with the families. He promised a full report within a
month, and asked residents to stay away from the market until the police had finished their work there.</p>
<p>Shops stayed closed on Thursday. A bus line that passes the market was diverted until further notice.</p></article>
</body></html>"""
_ITEM = "<item><guid>{guid}</guid><title>{title}</title><link>{link}</link><description>{text}</description></item>"
_TEXT = "A bomb killed three people at a market in Kano on Wednesday, police said."


class _Site:
    """Paths with what they answer: (status, headers, body); keeps what it was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, dict[str, str], str]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        site = self

        class _Answer(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                status, headers, body = site.pages.get(self.path, (404, {}, "nothing here"))
                self.send_response(status)
                content = body.encode()
                for name, value in {**headers, "Content-Length": str(len(content))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Answer)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.root = f"http://127.0.0.1:{self._server.server_port}"

    def feed(self, path: str, items: list[str], headers: dict[str, str] | None = None) -> None:
        body = f"<rss version='2.0'><channel><title>Town News</title>{''.join(items)}</channel></rss>"
        self.pages[path] = (200, {"Content-Type": "application/rss+xml", **(headers or {})}, body)

    def page(self, path: str, title: str, text: str) -> str:
        self.pages[path] = (200, {"Content-Type": "text/html; charset=utf-8"}, _PAGE.format(title=title, text=text))
        return self.root + path

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def site() -> Iterator[_Site]:
    one = _Site()
    yield one
    one.close()


def _opml(folder: Path, urls: list[str]) -> Path:
    outlines = "".join(f'<outline text="feed" xmlUrl="{url}"/>' for url in urls)
    path = folder / "feeds.opml"
    path.write_text(
        f"<opml version='2.0'><body><outline text='all'>{outlines}</outline></body></opml>", encoding="utf-8"
    )
    return path


def test_a_round_reads_feeds_and_pages_and_a_second_asks_nothing(site: _Site, tmp_path: Path, capsys: object) -> None:
    link = site.page("/bomb", "Bomb in Kano", _TEXT)
    site.feed("/rss", [_ITEM.format(guid="1", title="Bomb in Kano", link=link, text="Three dead.")], {"ETag": 'W/"v1"'})
    site.pages["/gone"] = (410, {}, "")
    lake = tmp_path / "lake"
    feeds = _opml(tmp_path, [site.root + "/rss", site.root + "/gone"])
    assert run(feeds, "--lake", lake, "--allow_private_networks", "--contact", "news@example.org") == 0
    [(title, source, date, date_source, origin)] = rows(
        lake, "select title, text_source, date::text, date_source, origin from articles"
    )
    assert (title, source, date, date_source, origin) == (
        "Bomb in Kano",
        "page",
        "2024-05-08",
        "jsonld",
        site.root + "/rss",
    )
    assert rows(lake, "select type, killed_min, place_name from events where killed_min is not null") == [
        ("ASSAULT", 3, "Kano")
    ]
    fetched = rows(lake, "select kind, status, outcome from fetches order by all")
    assert ("feed", 200, "ok") in fetched and ("feed", 410, "gone") in fetched and ("page", 200, "ok") in fetched
    assert rows(lake, "select stage, reason from rejects") == [("fetch", "gone")]
    agents = {headers["user-agent"] for _, headers in site.asked}
    assert len(agents) == 1 and "newsbeam/" in (agent := agents.pop()) and "news@example.org" in agent
    asked = len(site.asked)
    assert run(feeds, "--lake", lake, "--allow_private_networks") == 0
    assert len(site.asked) == asked
    capsys.readouterr()  # type: ignore[attr-defined]
    assert main(["feeds", "--lake", str(lake), "--json"]) == 0
    states = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]  # type: ignore[attr-defined]
    assert {state["feed_url"].removeprefix(site.root): state["outcome"] for state in states} == {
        "/rss": "ok",
        "/gone": "gone",
    }


def test_private_addresses_are_refused_without_the_flag(site: _Site, tmp_path: Path) -> None:
    site.feed("/rss", [])
    assert run(site.root + "/rss", "--lake", tmp_path / "lake") == 0
    assert site.asked == []
    assert rows(tmp_path / "lake", "select reason, origin from rejects") == [("blocked_address", site.root + "/rss")]


def test_a_home_page_leads_to_its_feed(site: _Site, tmp_path: Path) -> None:
    head = "<link rel='alternate' type='application/rss+xml' href='/rss'>"
    site.pages["/"] = (200, {"Content-Type": "text/html"}, f"<html><head>{head}</head><body>Town News</body></html>")
    site.feed("/rss", [_ITEM.format(guid="1", title="Bomb in Kano", link="", text=_TEXT)])
    assert run(site.root + "/", "--lake", tmp_path / "lake", "--allow_private_networks") == 0
    assert rows(tmp_path / "lake", "select text, text_source, feed_title from articles") == [
        (_TEXT, "feed", "Town News")
    ]


def test_one_bad_server_takes_nothing_from_the_others(site: _Site, tmp_path: Path) -> None:
    site.feed("/good", [_ITEM.format(guid="1", title="Bomb in Kano", link="", text=_TEXT)])
    site.pages["/file"] = (200, {"Content-Type": "application/rss+xml"}, "/etc/hostname")
    site.pages["/html"] = (200, {"Content-Type": "text/html"}, "<html><body>consent, please</body></html>")
    site.pages["/json"] = (
        200,
        {"Content-Type": "application/feed+json"},
        '{"version": "https://jsonfeed.org/version/1.1"',
    )
    site.pages["/loop"] = (302, {"Location": "/loop"}, "")
    site.pages["/metadata"] = (302, {"Location": "http://169.254.169.254/latest"}, "")
    bad = ["/file", "/html", "/json", "/loop", "/metadata"]
    listed = tmp_path / "feeds.txt"
    listed.write_text("\n".join(["# feeds", *(site.root + path for path in ["/good", *bad])]), encoding="utf-8")
    lake = tmp_path / "lake"
    assert run(listed, "--lake", lake, "--allow_private_networks") == 0
    assert rows(lake, "select count(*) from articles") == [(1,)]
    reasons = dict(rows(lake, "select origin, reason from rejects"))
    assert {path: reasons.get(site.root + path) for path in bad} == {
        "/file": "not_a_feed",
        "/html": "not_a_feed",
        "/json": "bad_json",
        "/loop": "bad_redirect",
        "/metadata": "blocked_address",
    }
    assert rows(lake, "select count(*) from rejects")[0][0] == len(bad)


def test_an_edited_article_is_a_new_revision(site: _Site, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    link = site.root + "/story"
    for guid, text in (("1", _TEXT), ("1", _TEXT.replace("three", "five"))):
        site.feed("/rss", [_ITEM.format(guid=guid, title="Bomb in Kano", link=link, text=text)])
        assert run(site.root + "/rss", "--lake", lake, "--allow_private_networks", "--min_poll_seconds", "0.001") == 0
    assert rows(lake, "select revision, text from articles order by 1") == [
        (0, _TEXT),
        (1, _TEXT.replace("three", "five")),
    ]
    assert rows(lake, "select killed_min from events where type = 'ASSAULT'") == [(5,)]
    assert rows(lake, "select relation from links") == [("revision",)]


def test_an_opml_file_that_is_none_is_bad_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "feeds.opml"
    path.write_text("<opml><body>\n<outline xmlUrl='http://a.example/rss'>\n</body>", encoding="utf-8")
    assert run(path, "--lake", tmp_path / "lake") == 2
    assert "line" in capsys.readouterr().err
