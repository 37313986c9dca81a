import bz2
import csv
import gzip
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.formats import pieces as pieces_module
from newsbeam.transforms.formats.inputs import expand
from newsbeam.transforms.formats.pieces import TO_END, Piece, join_pieces, plan_pieces
from newsbeam.transforms.formats.records import read_piece
from newsbeam.transforms.instants import start_of
from tests.transforms.formats.archives import archive, response, warcinfo
from tests.transforms.formats.files import TODAY, lines, read_all, record

COUNT = 11


def _csv() -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, ["id", "url", "title", "text"], delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for number in range(COUNT):
        writer.writerow(record(number, text=f'He said: "No; never\nagain".\n\nRound {number}.'))
    return out.getvalue().encode()


def _parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([record(number) for number in range(COUNT)]), out, row_group_size=4)
    return out.getvalue()


RESPONSES = [warcinfo(), *(response(number) for number in range(COUNT))]
#: Files of so many articles, with and without a fault behind them.
FILES: dict[str, bytes] = {
    "jsonl": lines(COUNT),
    "jsonl.gz": gzip.compress(lines(COUNT)),
    "jsonl.zst": zstandard.compress(lines(COUNT)),
    "jsonl.utf16": lines(COUNT).decode().encode("utf-16"),
    "jsonl-blank": b"\xef\xbb\xbf" + lines(COUNT).replace(b"\n", b"\n\n").rstrip(),
    "array": json.dumps([record(number) for number in range(COUNT)], indent=2).encode(),
    "csv": _csv(),
    "csv.bz2": bz2.compress(_csv()),
    "parquet": _parquet(),
    "parquet.gz": gzip.compress(_parquet()),
    "warc": b"".join(RESPONSES),
    "warc.gz": archive(RESPONSES),
    "warc.gz-whole": gzip.compress(b"".join(RESPONSES)),
    "warc.zst": archive(RESPONSES, zstandard.compress),
}


@pytest.mark.parametrize("name", FILES)
def test_the_size_of_pieces_changes_nothing(tmp_path: Path, name: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(FILES[name])
    whole, bad = read_all(path)
    assert len(whole) == COUNT and not bad
    assert len({article.article_id for article in whole}) == COUNT
    for count in (1, 2, 5, 12):
        assert read_all(path, count=count) == (whole, [])
        planned = list(plan_pieces(expand([str(path)]), articles_per_piece=count))
        assert len(planned) >= COUNT // count
        assert all(isinstance(piece, Piece) and piece.articles_hint <= count for piece in planned)


def test_pieces_lie_end_to_end_and_the_last_is_open(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(lines(5))
    (file,) = expand([str(path)])
    found = [piece for piece in plan_pieces([file], articles_per_piece=2) if isinstance(piece, Piece)]
    size = len(lines(1))
    assert [(p.start, p.stop, p.first_index, p.articles_hint) for p in found] == [
        (0, 2 * size, 0, 2),
        (2 * size, 4 * size, 2, 2),
        (4 * size, TO_END, 4, 1),
    ]
    assert {(p.origin, p.format, p.fingerprint) for p in found} == {(str(path), "jsonl", file.fingerprint)}


def test_neighbours_are_joined_to_as_many_pieces_as_are_wanted(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(lines(8))
    planned = [p for p in plan_pieces(expand([str(tmp_path)]), articles_per_piece=1) if isinstance(p, Piece)]
    size = len(lines(1))
    joined = join_pieces(planned, 4)
    assert [(Path(p.origin).name, p.start, p.stop, p.first_index) for p in joined] == [
        ("a", 0, 4 * size, 0), ("a", 4 * size, TO_END, 4), ("b", 0, 4 * size, 0), ("b", 4 * size, TO_END, 4),
    ]  # fmt: skip
    assert len(join_pieces(planned, 1)) == 2  # files are never joined
    assert join_pieces(planned, 16) == planned
    assert join_pieces(planned[:3] + planned[4:8], 1) == [
        planned[0]._replace(stop=3 * size, articles_hint=3), planned[4]._replace(stop=TO_END, articles_hint=4),
    ]  # fmt: skip  # what is missing between them stays out
    assert join_pieces([], 2) == []


@pytest.mark.parametrize("name", FILES)
def test_joined_pieces_hold_the_same_records(tmp_path: Path, name: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(FILES[name])
    planned = [p for p in plan_pieces(expand([str(path)]), articles_per_piece=1) if isinstance(p, Piece)]
    alone = [article for piece in planned for article in read_piece(piece, ingested_at=TODAY)]
    for count in (1, 2, 3):
        joined = join_pieces(planned, count)
        assert len(joined) <= count + 1
        assert [article for piece in joined for article in read_piece(piece, ingested_at=TODAY)] == alone


def test_long_records_make_short_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces_module, "PIECE_BYTES", 1000)
    path = tmp_path / "file"
    path.write_bytes(lines(20))
    planned = list(plan_pieces(expand([str(path)]), articles_per_piece=1000))
    assert 2 < len(planned) < 10
    assert len(read_all(path)[0]) == 20


def test_the_plan_is_in_the_order_of_origins_and_passes_bad_records_through(tmp_path: Path) -> None:
    for name in ("c", "a", "b"):
        (tmp_path / name).write_text(f"Text of {name}.")
    (tmp_path / "b").write_bytes(b"")
    bad = BadRecord("read", "unreadable", "no", origin="first")
    planned = list(plan_pieces([bad, *expand([str(tmp_path)])], articles_per_piece=10))
    assert [one.origin.rsplit("/", 1)[-1] for one in planned] == ["first", "a", "b", "c"]
    assert [one.reason for one in planned if isinstance(one, BadRecord)] == ["unreadable", "empty"]


def test_at_least_one_article_a_piece(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="articles_per_piece"):
        list(plan_pieces([], articles_per_piece=0))


def test_a_file_that_went_away_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("Some text.")
    planned = list(plan_pieces(expand([str(path)]), articles_per_piece=10))
    path.unlink()
    (piece,) = planned
    assert isinstance(piece, Piece)
    (bad,) = read_piece(piece, ingested_at=TODAY)
    assert isinstance(bad, BadRecord) and (bad.reason, bad.origin) == ("unreadable", str(path))


_PEAK = """
import resource, sys
from newsbeam.transforms.formats.inputs import expand
from newsbeam.transforms.formats.pieces import plan_pieces
from newsbeam.transforms.formats.records import read_piece
n = sum(1 for p in plan_pieces(expand([sys.argv[1]]), articles_per_piece=1000)
        for a in read_piece(p, ingested_at=int(sys.argv[2])))
print(n, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def _peak(path: Path) -> tuple[int, int]:
    """The articles of a file, and the peak memory of reading them in a process of its own, in MB."""
    command = [sys.executable, "-c", _PEAK, str(path), str(start_of("2024-06-15"))]
    count, peak = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()
    return int(count), int(peak)


@pytest.mark.slow
@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_memory_is_flat_over_100_000_lines(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / "few").write_bytes(pack(lines(2_000)))
    (tmp_path / "many").write_bytes(pack(lines(100_000)))
    few, many = _peak(tmp_path / "few"), _peak(tmp_path / "many")
    assert (few[0], many[0]) == (2_000, 100_000)
    assert many[1] <= 1.1 * few[1] + 20


@pytest.mark.slow
def test_memory_is_flat_over_an_archive(tmp_path: Path) -> None:
    filler = response(0, b"x" * 1_000_000, kind="image/png")
    with (tmp_path / "warc").open("wb") as out:
        for number in range(300):
            out.write(filler + response(number))
    count, peak = _peak(tmp_path / "warc")
    assert count == 300
    assert peak < 1000
