import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.window import FixedWindows, TimestampedValue

from newsbeam.schemas.article import Article
from newsbeam.transforms.fetch import FetchPages
from newsbeam.transforms.formats.articles import Draft, article_from
from newsbeam.transforms.instants import SECOND

RUNNER = "apache_beam.runners.portability.fn_api_runner.FnApiRunner"
NOW = 1_790_000_000 * SECOND
TITLE = "Flood closes the coast road at Malindi"
BODY = "The river rose on Friday and closed the coast road at Malindi, officials said. " * 6


def _now() -> int:
    return NOW


class _Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:  # noqa: N802
        if self.path == "/none":
            self.send_error(404)
            return
        body = f"<html><title>{TITLE}</title><article><h1>{TITLE}</h1><p>{BODY}</p></article>".encode()
        body = b"User-agent: *\nDisallow: /private" if self.path == "/robots.txt" else body
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def root() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def _entry(url: str | None) -> Article:
    draft = Draft(text="The road is closed.", title=TITLE, url=url, text_source="feed", fetched_at=NOW)
    return article_from(draft, origin="http://f.example/", feed="http://f.example/", ingested_at=NOW)[0]


def _with_window(article: Article, window: Any = beam.DoFn.WindowParam) -> tuple[str, int]:
    return article.text_source, int(window.start)


def test_pages_are_fetched_in_their_window(root: str) -> None:
    urls = [f"{root}/good", f"{root}/private/x", f"{root}/none", None]
    entries = [TimestampedValue(_entry(url), 1000 * n) for n, url in enumerate(urls)]
    with TestPipeline(RUNNER) as pipeline:
        out = (
            pipeline
            | beam.Create(entries)
            | beam.Map(lambda value: value)
            | beam.WindowInto(FixedWindows(1000))
            | FetchPages(allow_private_networks=True, host_seconds=0.01, now=_now)
        )
        windows = [("page", 0), ("feed", 1000), ("feed", 2000), ("feed", 3000)]
        assert_that(out.articles | beam.Map(_with_window), equal_to(windows), label="articles")
        fetches = out.fetches | "F" >> beam.Map(lambda f: (f.kind, f.status))
        assert_that(fetches, equal_to([("robots", 200), ("page", 200), ("page", 404)]), label="fetches")
        reasons = out.rejects | "R" >> beam.Map(lambda r: r.reason)
        assert_that(reasons, equal_to(["disallowed", "http_error"]), label="rejects")


def test_settings_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="shards"):
        FetchPages(shards=0)
