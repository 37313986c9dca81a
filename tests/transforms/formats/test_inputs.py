import os
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import fsspec
import pytest

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.formats import inputs
from newsbeam.transforms.formats.inputs import InputFile, NoSuchInput, expand
from tests.transforms.formats.archives import archive, response
from tests.transforms.formats.files import lines, read_all


def _origins(*paths: str) -> list[str]:
    return [file.origin for file in expand(paths)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (
        "b.txt",
        "a.txt",
        ".hidden",
        "sub/c.json",
        "sub/.git/config",
        "README.md",
        "sub/LICENSE",
        "readme_now.txt",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("paths", "origins"),
    [
        (["."], ["a.txt", "b.txt", "readme_now.txt", "sub/c.json"]),
        (["sub", "a.txt"], ["a.txt", "sub/c.json"]),
        (["a.txt", "./a.txt", "sub/../a.txt"], ["a.txt"]),
        (["*.txt"], ["a.txt", "b.txt", "readme_now.txt"]),
        (["**/*.json"], ["sub/c.json"]),
        (["README.md", ".hidden"], [".hidden", "README.md"]),
    ],
)
def test_paths_name_files(folder: Path, paths: list[str], origins: list[str]) -> None:
    assert _origins(*paths) == origins
    assert _origins(*reversed(paths)) == origins


def test_a_name_with_brackets_is_a_name(folder: Path) -> None:
    (folder / "a[1].txt").write_text("x")
    assert _origins("a[1].txt") == ["a[1].txt"]


@pytest.mark.parametrize("path", ["none.txt", "none/*.txt", "", "memory://none", "memory://none/*", "nope://x/y"])
def test_what_names_nothing_is_refused(folder: Path, path: str) -> None:
    with pytest.raises(NoSuchInput):
        expand(["a.txt", path])


def test_urls_name_files(folder: Path) -> None:
    fs = fsspec.filesystem("memory")
    for name in ("/expand/x.txt", "/expand/deep/y.txt", "/expand/.z.txt"):
        fs.pipe_file(name, b"text")
    assert _origins("memory://expand") == ["memory://expand/deep/y.txt", "memory://expand/x.txt"]
    assert _origins("memory://expand/x.txt") == ["memory://expand/x.txt"]
    assert _origins("memory://expand/*.txt") == ["memory://expand/x.txt"]
    assert _origins(f"file://{folder}/a.txt") == [f"{folder}/a.txt"]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def test_a_web_server_without_ranges_is_read_from_any_offset(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(lines(6))
    (folder / "b.warc.gz").write_bytes(archive([response(n) for n in range(3)]))
    with ThreadingHTTPServer(("127.0.0.1", 0), _Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        try:
            with pytest.raises(NoSuchInput):
                expand([f"{url}/none.jsonl"])
            articles, bad = read_all(f"{url}/a.jsonl", f"{url}/b.warc.gz", count=2)
        finally:
            server.shutdown()
    assert not bad
    assert [article.origin for article in articles] == [f"{url}/a.jsonl"] * 6 + [f"{url}/b.warc.gz"] * 3


def test_a_fingerprint_is_of_the_content(folder: Path) -> None:
    def print_of(path: Path) -> str:
        (file,) = expand([str(path)])
        assert isinstance(file, InputFile)
        return file.fingerprint

    before = print_of(folder / "a.txt")
    os.utime(folder / "a.txt", (0, 0))
    assert print_of(folder / "a.txt") == before
    (folder / "a.txt").write_text("b.txt")
    assert print_of(folder / "a.txt") == print_of(folder / "b.txt") != before


def test_a_folder_that_the_system_refuses_is_a_bad_record(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.listdir

    def refuse(path: str) -> list[str]:
        if path.endswith("sub"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(inputs.os, "listdir", refuse)
    found = expand(["."])
    bad = [one for one in found if isinstance(one, BadRecord)]
    assert [(one.stage, one.reason, one.error, one.origin) for one in bad] == [
        ("read", "unreadable", "Permission denied", "sub")
    ]
    assert [one.origin for one in found if isinstance(one, InputFile)] == ["a.txt", "b.txt", "readme_now.txt"]


def test_links_in_a_circle_end_and_pipes_are_not_waited_for(folder: Path) -> None:
    (folder / "sub" / "up").symlink_to(folder)
    (folder / "gone").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe")
    found = expand(["."])
    assert [one.origin for one in found if isinstance(one, BadRecord)] == ["gone", "pipe"]
    assert {"a.txt", "sub/c.json"} <= {one.origin for one in found}
