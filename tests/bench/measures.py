"""The measurements of `bench.py`. Each function is run in a process of its own and gives the figures of one row."""

import contextlib
import io
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple, get_args

import apache_beam as beam
import texts
import trees

from newsbeam.pipeline import graph
from newsbeam.pipeline.cli import main as newsbeam
from newsbeam.schemas.article import Article
from newsbeam.transforms.extract import ExtractedFacts
from newsbeam.transforms.extraction.model import DEFAULT_MODEL
from newsbeam.transforms.formats.articles import Draft, article_from
from newsbeam.transforms.models import load_model

NOW = 1_700_000_000_000_000
_NEWSBEAM = str(Path(sys.executable).with_name("newsbeam"))


class Sizes(NamedTuple):
    """How much is measured."""

    articles: int  # to parse
    sentences: int  # of each composed article
    texts: str | None  # JSONL instead of composed articles
    is_full: bool
    work: str


def end_to_end(sizes: Sizes) -> dict[str, Any]:
    """Everything, from file to lake, against spaCy alone on the same texts. CPU seconds, readers of facts included."""
    import spacy

    bare, path, articles = spacy.load(DEFAULT_MODEL), _file(sizes), _articles(sizes)
    _run(_small(sizes), _lake(sizes, "warm"))
    fixed = _cpu(lambda: _run(_small(sizes), _lake(sizes, "fixed")))  # building the graph, committing: once a run
    _parse(bare, articles[:5])
    # in turn, so that another process on the machine disturbs both
    alone, ours = [], []
    for turn in range(2):
        alone.append(_cpu(lambda: _parse(bare, articles)))
        ours.append(_cpu(lambda turn=turn: _run(path, _lake(sizes, f"whole{turn}"))))
    return {
        "articles": len(articles),
        "words": sum(article.word_count for article in articles),
        "nlp_pipe_s": _round(min(alone)),
        "newsbeam_s": _round(min(ours)),
        "articles_per_s": _round(len(articles) / min(ours)),
        "fixed_s": _round(fixed),
        "ratio": _round(min(alone) / min(ours)),
        "ratio_without_fixed": _round(min(alone) / (min(ours) - fixed)),
    }


def two_cores(sizes: Sizes) -> dict[str, Any]:
    """The whole command on one core, and with two workers on all. Wall seconds, start-up included in both.

    Beside it: one worker on all cores, where reading, deduplicating and writing go on beside the parse; two readers of
    one process.
    """
    path, two = _file(sizes), ("--direct_num_workers", "2")
    core = min(os.sched_getaffinity(0))
    pinned = _wall(lambda: _command(path, _lake(sizes, "pinned"), core=core))
    both = _wall(lambda: _command(path, _lake(sizes, "two"), "--direct_running_mode", "multi_processing", *two))
    readers = _wall(lambda: _command(path, _lake(sizes, "readers"), *two))
    one = _wall(lambda: _command(path, _lake(sizes, "one")))
    return {
        "one_core_s": _round(pinned),
        "two_s": _round(both),
        "one_worker_s": _round(one),
        "two_readers_s": _round(readers),
        "ratio": _round(pinned / both),
        "ratio_two_readers": _round(pinned / readers),
        "ratio_to_one_worker": _round(one / both),
        "cores": os.cpu_count(),
    }


def readers(sizes: Sizes) -> dict[str, Any]:
    """What the parse takes, and what the readers of events and figures take of spaCy's own. CPU seconds."""
    import spacy

    from newsbeam.transforms.events.coder import code_events
    from newsbeam.transforms.facts import read_facts
    from newsbeam.transforms.figures.reader import read_figures

    articles, nlp, bare = _articles(sizes), load_model(), spacy.load(DEFAULT_MODEL)
    _parse(nlp, articles[:5])
    _parse(bare, articles[:5])
    docs: list[Any] = []
    parse = _cpu(lambda: docs.extend(nlp.pipe([article.text for article in articles])))
    alone = _cpu(lambda: _parse(bare, articles))
    pairs = list(zip(articles, docs, strict=True))
    for article, doc in pairs[:20]:
        read_facts(article, doc)
    sentences = sum(1 for doc in docs for _ in doc.sents)
    events = min(_cpu(lambda: [code_events(*pair) for pair in pairs]) for _ in range(2))
    figures = min(_cpu(lambda: [read_figures(*pair) for pair in pairs]) for _ in range(2))
    both = min(_cpu(lambda: [read_facts(*pair) for pair in pairs]) for _ in range(2))
    return {
        "sentences": sentences,
        "parse_sentences_per_s": round(sentences / parse),
        "parse_ratio": _round(alone / parse),
        "event_sentences_per_s": round(sentences / events),
        "figure_sentences_per_s": round(sentences / figures),
        "facts_of_parse": _round(both / alone),
    }


def deduplication(sizes: Sizes) -> dict[str, Any]:
    """Read, deduplicate and write without extraction, then the same articles again. CPU seconds."""
    counts = (1_000, 10_000, 100_000) if sizes.is_full else (1_000, 10_000)
    graph.ExtractFacts = _NoFacts  # type: ignore[misc]
    _run(_small(sizes), _lake(sizes, "warm"))
    found: dict[str, Any] = {}
    each = {}
    for count in counts:
        path = texts.write_texts(
            Path(sizes.work) / f"scrambled{count}.jsonl", texts.compose(count, per_article=12, is_scrambled=True)
        )
        lake = _lake(sizes, f"copies{count}")
        fresh = _cpu(lambda path=path, lake=lake: _run(path, lake))
        again = _cpu(lambda path=path, lake=lake: _run(path, lake))
        each[count] = fresh / count
        found[f"new_per_s_{count}"] = round(count / fresh)
        found[f"seen_per_s_{count}"] = round(count / again)
    found["cost_10k_to_1k"] = _round(each[10_000] / each[1_000])
    if sizes.is_full:
        found["cost_100k_to_10k"] = _round(each[100_000] / each[10_000])
    return found


def polling(sizes: Sizes) -> dict[str, Any]:
    """Feeds of many hosts on loopback, each asked once at the default pace; then again, unchanged. Wall seconds."""
    from newsbeam.transforms.poll import PollFeeds
    from newsbeam.transforms.polling.schedule import first_state

    hosts = 2_000
    server = ThreadingHTTPServer(("0.0.0.0", 0), _Feed)
    serving = multiprocessing.get_context("fork").Process(target=server.serve_forever, daemon=True)
    serving.start()  # a process of its own, so that it does not share the poller's lock
    urls = [f"http://127.1.{n // 250}.{1 + n % 250}:{server.server_port}/feed.xml" for n in range(hosts)]
    states = [first_state(url) for url in urls]
    with beam.Pipeline(runner="FnApiRunner") as pipeline:  # loads what a first poll needs
        pipeline | beam.Create(states[:1]) | PollFeeds(allow_private_networks=True)
    begin, begin_cpu = time.monotonic(), time.process_time()
    pipeline = beam.Pipeline(runner="FnApiRunner")
    pipeline | beam.Create(states) | PollFeeds(allow_private_networks=True)
    done = pipeline.run()
    done.wait_until_finish()
    seconds, cpu = time.monotonic() - begin, time.process_time() - begin_cpu
    serving.terminate()
    polled = [c.committed for c in done.metrics().query()["counters"] if c.key.metric.name == "feeds_polled"]
    return {
        "hosts": hosts,
        "polled": sum(polled),
        "seconds": _round(seconds),
        "feeds_per_s": round(sum(polled) / seconds),
        "feeds_per_cpu_s": round(sum(polled) / cpu),
    }


class _Feed(BaseHTTPRequestHandler):
    """Answers with a feed of three entries."""

    protocol_version = "HTTP/1.1"
    _ITEMS = "".join(
        f"<item><title>Story {n}</title><guid isPermaLink='false'>g{n}</guid><description>{'Officials met. ' * 20}"
        f"</description><pubDate>Tue, 14 Nov 2023 0{n}:00:00 GMT</pubDate></item>"
        for n in range(3)
    )
    _BODY = f"<rss version='2.0'><channel><title>Press</title>{_ITEMS}</channel></rss>".encode()

    def do_GET(self) -> None:  # noqa: N802  # the name that http.server calls
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(self._BODY)))
        self.end_headers()
        self.wfile.write(self._BODY)

    def log_message(self, *_: Any) -> None:
        return


def pages(sizes: Sizes) -> dict[str, Any]:
    """Reading a page (text, title, dates, authors) against trafilatura's extract. CPU seconds."""
    import trafilatura

    from newsbeam.transforms.pages.page import read_page

    htmls = [texts.page_of(record) for record in texts.compose(200, per_article=18)]
    for html in htmls[:5]:
        read_page(html)
        trafilatura.extract(html)
    ours = min(_cpu(lambda: [read_page(html) for html in htmls]) for _ in range(2))
    theirs = min(_cpu(lambda: [trafilatura.extract(html) for html in htmls]) for _ in range(2))
    return {
        "pages_per_s": round(len(htmls) / ours),
        "trafilatura_per_s": round(len(htmls) / theirs),
        "ratio": _round(theirs / ours),
    }


def start_up(sizes: Sizes) -> dict[str, Any]:
    """From the start of the process to the first article read, and to the end of one article. Wall and CPU seconds."""
    path = _small(sizes)
    first, whole, spent = [], [], []
    for turn in range(3):
        code = (
            f"import sys, time; sys.path.append({str(Path(__file__).parent)!r})\n"
            "class Finder:\n"  # the module is imported by the command itself, after it has started the readers
            "    def find_spec(self, name, *_):\n"
            "        if name == 'newsbeam.transforms.read': sys.meta_path.remove(self); patch()\n"
            "def patch():\n"
            "    import newsbeam.transforms.formats.records as r, trees; take = r.identified\n"
            "    def timed(*a, **k):\n"
            "        print('first', time.time(), trees.spent_seconds(), file=sys.stderr, flush=True)\n"
            "        r.identified = take\n"
            "        return take(*a, **k)\n"
            "    r.identified = timed\n"
            "sys.meta_path.insert(0, Finder())\n"
            "from newsbeam.pipeline.cli import main\n"
            f"sys.exit(main(['run', {str(path)!r}, '--lake', {_lake(sizes, f'start{turn}')!r}]))"
        )
        begin = time.time()
        done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
        whole.append(time.time() - begin)
        [stamp] = [line.split() for line in done.stderr.splitlines() if line.startswith("first ")]
        first.append(float(stamp[1]) - begin)
        spent.append(float(stamp[2]))
    return {
        "first_article_s": _round(min(first)),
        "first_article_cpu_s": _round(min(spent)),
        "one_article_s": _round(min(whole)),
        "of": 3,
    }


def memory(sizes: Sizes) -> dict[str, Any]:
    """Peak memory of the command and its readers over short articles, parsed and written. Megabytes."""
    counts = (5_000, 50_000) if sizes.is_full else (500, 5_000)
    peaks = []
    for count in counts:
        path = texts.write_texts(
            Path(sizes.work) / f"short{count}.jsonl", texts.compose(count, per_article=2, is_scrambled=True)
        )
        command = [_NEWSBEAM, "run", str(path), "--lake", _lake(sizes, f"memory{count}")]
        peaks.append(trees.peak_megabytes(command))
    return {f"mb_{counts[0]}": peaks[0], f"mb_{counts[1]}": peaks[1], "ratio": _round(peaks[1] / peaks[0])}


class _NoFacts(beam.PTransform[Any, Any]):
    """Reads no facts, for runs that measure what comes before."""

    def __init__(self, **_: Any) -> None:
        super().__init__()

    def expand(self, articles: Any) -> ExtractedFacts:
        types = ExtractedFacts.__annotations__
        return ExtractedFacts(
            *(
                articles | f"No {name}" >> beam.FlatMap(_none).with_output_types(get_args(types[name])[0])
                for name in types
            )
        )


def _none(_: Any) -> list[Any]:
    return []


def _articles(sizes: Sizes) -> list[Article]:
    return [
        article_from(
            Draft(text=record["text"], title=record.get("title"), published=record.get("date")),
            origin="bench", feed="bench", ingested_at=NOW,
        )[0]
        for record in _records(sizes)
    ]  # fmt: skip


def _records(sizes: Sizes) -> list[dict[str, Any]]:
    if sizes.texts:
        return texts.read_texts(Path(sizes.texts), sizes.articles)
    return list(texts.compose(sizes.articles, per_article=sizes.sentences))


def _file(sizes: Sizes) -> Path:
    return texts.write_texts(Path(sizes.work) / "texts.jsonl", _records(sizes))


def _small(sizes: Sizes) -> Path:
    return texts.write_texts(Path(sizes.work) / "small.jsonl", texts.compose(1, per_article=6))


def _lake(sizes: Sizes, name: str) -> str:
    lake = Path(sizes.work) / f"lake-{name}"
    shutil.rmtree(lake, ignore_errors=True)
    return str(lake)


def _parse(nlp: Any, articles: list[Article]) -> None:
    for _ in nlp.pipe([article.text for article in articles]):
        pass


def _run(path: Path, lake: str) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        status = newsbeam(["run", str(path), "--lake", lake])
    assert status == 0, f"newsbeam run {path}: exit status {status}"


def _command(path: Path, lake: str, *flags: str, core: int | None = None) -> None:
    command = [_NEWSBEAM, "run", str(path), "--lake", lake, *flags]
    pin = None if core is None else partial(os.sched_setaffinity, 0, {core})
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=pin)


def _cpu(work: Callable[[], Any]) -> float:
    """CPU seconds of this process and of all that it started."""
    begin = trees.spent_seconds()
    work()
    return trees.spent_seconds() - begin


def _wall(work: Callable[[], Any]) -> float:
    begin = time.monotonic()
    work()
    return time.monotonic() - begin


def _round(value: float) -> float:
    return round(value, 2)


MEASURES: dict[str, Callable[[Sizes], dict[str, Any]]] = {
    measure.__name__: measure
    for measure in (start_up, end_to_end, readers, two_cores, deduplication, polling, pages, memory)
}


if __name__ == "__main__":
    _sizes = Sizes(**json.loads(sys.argv[2]))
    with tempfile.TemporaryDirectory(prefix="newsbeam-bench-") as _work:
        print(json.dumps(MEASURES[sys.argv[1]](_sizes._replace(work=_work))))
