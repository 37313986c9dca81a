import bz2
import gzip
import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.formats import documents
from tests.transforms.formats.archives import archive, response, warcinfo
from tests.transforms.formats.files import lines, read_all, read_bytes, reasons, record

GOOD = json.dumps(record(1)).encode() + b"\n"
_OUT = io.BytesIO()
pq.write_table(pa.table({"text": pa.array([], pa.string())}), _OUT)
NO_ROWS = _OUT.getvalue()
TEXT = b"Rebels attacked a village near Goma on Monday, officials said."


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (gzip.compress(b"", mtime=0), "empty"),
        (b"date 2023-01-31\n", "empty"),
        (bytes(range(256)) * 40, "binary"),
        (b"\xe5\xf1\xf8\xff" * 100, "bad_encoding"),
        (gzip.compress(TEXT * 50, mtime=0)[:-20], "truncated"),
        (gzip.compress(TEXT, mtime=0)[:12], "truncated"),
        (bz2.compress(TEXT)[:-3], "truncated"),
        (b'{"title": "A", "id": 1}', "missing_text"),
        (b'{"title": "A", "text": " "}', "missing_text"),
        (b'{"title": "A", "text": ', "bad_json"),
        (b"[" * 100_000, "bad_json"),
        (b'{"a": ' + b"[" * 100_000, "too_deep"),
        (b'[{"text": "A"}'[:3], "bad_json"),
        (b"[1]", None),
        (b"x" * (11 * 2**20), "too_large"),
        (b"<html><head><title>A</title></head><body></body></html>", "missing_text"),
        (b"<?xml version='1.0'?><catalog/>", "bad_xml"),
        (b"PAR1" + b"\0" * 100, "bad_record"),
    ],
)
def test_a_file_without_an_article_is_one_bad_record(tmp_path: Path, data: bytes, reason: str | None) -> None:
    articles, bad = read_bytes(tmp_path, data)
    if reason is None:  # not JSON by its start: text
        assert len(articles) == 1 and not bad
        return
    assert not articles
    assert [(one.reason, one.origin) for one in bad] == [(reason, str(tmp_path / "file"))]


@pytest.mark.parametrize(
    ("line", "reason", "kept"),
    [
        (b'{"title": "no text"}', "missing_text", 2),
        (b"no json", "bad_json", 2),
        (b"[1, 2]", "bad_record", 2),
        (b'"text"', "bad_record", 2),
        (b'{"text": "' + b"x" * 50_000_000 + b'"}', "too_large", 2),
        (b'{"text": "Rebels left Beni.", "date": "0000-01-01"}', "bad_date", 3),
        (b'{"text": "Rebels left Beni.", "date": "9999-12-31"}', "bad_date", 3),
        (b'{"text": "Rebels left Beni.", "date": "soon"}', "bad_date", 3),
        (b'{"text": "Rebels\\u0000 left Beni."}', "bad_encoding", 3),
        (b'{"text": "Rebels\x00 left Beni."}', "bad_encoding", 3),
        (b'{"text": "Rebels left \\ud800 Beni."}', "bad_encoding", 3),
        (b'{"text": "Rebels left Lom\xe9."}', "bad_encoding", 3),
        (b'{"text": "\\u0000 \\ud800 Rebels left Lom\xe9."}', "bad_encoding", 3),
        (b'{"text": "\xff\xfe\xfd\xfc\xff\xfe\xfd\xfc\xff"}', "bad_encoding", 2),
    ],
)
def test_one_bad_line_is_one_bad_record_and_the_lines_beside_it_are_kept(
    tmp_path: Path, line: bytes, reason: str, kept: int
) -> None:
    second = json.dumps(record(2)).encode()
    articles, bad = read_bytes(tmp_path, GOOD + line + b"\n\n" + second)
    assert reasons(bad) == [(reason, "line 2")]
    assert len(articles) == kept
    assert [a.entry_id for a in articles if a.entry_id] == ["a1", "a2"]
    for article in articles:
        assert "\x00" not in article.text
        article.text.encode("utf-8")


def test_a_bad_date_leaves_the_article_undated(tmp_path: Path) -> None:
    (article,), (bad,) = read_bytes(tmp_path, b"date 9999-01-01 Rebels left Beni.")
    assert (article.text, article.published_at, article.published_raw) == ("Rebels left Beni.", None, "9999-01-01")
    assert (article.date, article.date_source) == ("2024-06-15", "ingest")
    assert (bad.stage, bad.reason, bad.payload) == ("read", "bad_date", "9999-01-01")


@pytest.mark.parametrize("count", [2, 100])
def test_what_lies_before_the_end_of_a_truncated_file_is_kept(tmp_path: Path, count: int) -> None:
    (tmp_path / "file").write_bytes(gzip.compress(lines(10))[:-30])
    articles, bad = read_all(tmp_path / "file", count=count)
    assert [one.reason for one in bad] == ["truncated"]
    assert 5 <= len(articles) < 10
    assert [a.entry_id for a in articles] == [f"a{n}" for n in range(len(articles))]


@pytest.mark.parametrize("count", [1, 100])
def test_what_lies_before_the_end_of_an_array_is_kept(tmp_path: Path, count: int) -> None:
    data = json.dumps([record(1), record(2)]).encode()[:-1]
    (tmp_path / "file").write_bytes(data.replace(b'{"id": "a2"', b'{bad}, {"id": "a2"') + b', {"text": ')
    articles, bad = read_all(tmp_path / "file", count=count)
    assert [a.entry_id for a in articles] == ["a1", "a2"]
    assert reasons(bad) == [("bad_json", "element 2"), ("bad_json", "")]


@pytest.mark.parametrize("count", [1, 100])
def test_what_lies_before_the_end_of_an_archive_is_kept(tmp_path: Path, count: int) -> None:
    (tmp_path / "file").write_bytes(archive([response(n) for n in range(3)])[:-60])
    articles, bad = read_all(tmp_path / "file", count=count)
    assert [a.title for a in articles] == ["Fire 0", "Fire 1"]
    assert reasons(bad) == [("truncated", "record 3: https://example.org/2")]


@pytest.mark.parametrize("count", [1, 100])
def test_csv_with_faults(tmp_path: Path, count: int) -> None:
    rows = [
        b"id,text,date",
        b'1,"Rebels left\nBeni.",2024-01-02',
        b"2",
        b'3,"' + b"x" * 11_000_000 + b'",2024-01-02',
        b"4,Rebels left Lom\xe9.,2024-01-02",
        b"",
        b"5,Rebels left Goma.,2024-13-02,more",
    ]
    (tmp_path / "file").write_bytes(b"\r\n".join(rows))
    articles, bad = read_all(tmp_path / "file", count=count)
    assert [(a.entry_id, a.text, a.date) for a in articles] == [
        ("1", "Rebels left\nBeni.", "2024-01-02"),
        ("4", "Rebels left Lomé.", "2024-01-02"),
        ("5", "Rebels left Goma.", "2024-06-15"),
    ]
    assert reasons(bad) == [
        ("missing_text", "row 2"),
        ("too_large", "row 3"),
        ("bad_encoding", "row 4"),
        ("bad_date", "row 6"),
    ]


def test_parquet_with_faults(tmp_path: Path) -> None:
    text = pa.array([b"Rebels left Beni.", b"Rebels left Lom\xe9.", b"Rebels left Goma.", None]).view(pa.string())
    dates = pa.array([1704153600123456789, 0, 9 * 10**18, None], pa.timestamp("ns", "UTC"))
    pq.write_table(pa.table({"text": text, "published_at": dates}), tmp_path / "ns")
    articles, bad = read_all(tmp_path / "ns")
    assert [(a.text, a.published_at) for a in articles] == [
        ("Rebels left Beni.", 1704153600000000),
        ("Rebels left Goma.", None),
    ]
    assert reasons(bad) == [("bad_encoding", "row 2"), ("bad_date", "row 3"), ("missing_text", "row 4")]
    far = pa.array([10**18], pa.timestamp("us"))
    pq.write_table(pa.table({"text": ["Rebels left Beni."], "published_at": far}), tmp_path / "us")
    articles, bad = read_all(tmp_path / "us")
    assert [a.published_at for a in articles] == [None]
    assert reasons(bad) == [("bad_date", "row 1")]
    (tmp_path / "cut").write_bytes((tmp_path / "ns").read_bytes()[:-20])
    assert [one.reason for one in read_all(tmp_path / "cut")[1]] == ["bad_record"]


@pytest.mark.parametrize(
    "data",
    [
        b"[]",
        b"title,text\n",
        b"<rss version='2.0'><channel><title>A</title></channel></rss>",
        archive([warcinfo()]),
        NO_ROWS,
    ],
)
def test_a_file_with_room_for_articles_and_none_in_it_is_empty(tmp_path: Path, data: bytes) -> None:
    articles, bad = read_bytes(tmp_path, data)
    assert not articles
    assert reasons(bad) == [("empty", "")]


@pytest.mark.parametrize("count", [1, 2, 100])
def test_an_archive_of_pictures_gives_the_same_whatever_the_pieces(tmp_path: Path, count: int) -> None:
    (tmp_path / "file").write_bytes(archive([response(n, b"x", kind="image/png") for n in range(3)]))
    assert read_all(tmp_path / "file", count=count) == ([], [])


def test_what_lies_before_the_damage_of_an_archive_is_kept(tmp_path: Path) -> None:
    for name, records in {"plain": [response(1), b"garbage\r\n", response(2)], "gz": []}.items():
        data = b"".join(records) or archive([response(1)]) + b"garbage" + archive([response(2)])
        (tmp_path / name).write_bytes(data)
        for count in (1, 100):
            articles, bad = read_all(tmp_path / name, count=count)
            assert [a.title for a in articles] == ["Fire 1"]
            assert [one.reason for one in bad] == ["bad_record" if name == "plain" else "bad_encoding"]


def test_good_files_beside_bad_ones_are_kept(tmp_path: Path) -> None:
    for name, data in {"a": b"", "b": TEXT, "c": bytes(range(256)), "d": TEXT + b" Again."}.items():
        (tmp_path / name).write_bytes(data)
    articles, bad = read_all(tmp_path)
    assert [a.origin[-1] for a in articles] == ["b", "d"]
    assert [(one.origin[-1], one.reason) for one in bad] == [("a", "empty"), ("c", "binary")]


def test_a_fault_of_the_parser_is_the_pages_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RecursionError("too deep for me")

    monkeypatch.setattr(documents, "read_page", fail)
    articles, bad = read_bytes(tmp_path, b"<html><body><p>Text.</p></body></html>")
    assert not articles
    assert [(one.reason, one.origin) for one in bad] == [("killed", str(tmp_path / "file"))]


def test_a_long_page_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, seconds: float, **__: object) -> None:
        raise BadRecord("parse", "parser_timeout", f"over {seconds:g} s")

    monkeypatch.setattr(documents, "read_page_within", never)
    articles, bad = read_bytes(tmp_path, b"<html><body>" + b"<p>Text.</p>" * 20_000)
    assert not articles
    assert reasons(bad) == [("parser_timeout", "")]
