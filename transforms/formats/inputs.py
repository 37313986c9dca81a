"""Find the files that arguments name, and open them: local paths, folders, globs and fsspec URLs."""

import glob
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any, BinaryIO, NamedTuple, cast

import fsspec

from newsbeam.transforms.errors import BadRecord
from newsbeam.transforms.ids import digest

_URL = re.compile(r"^[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_GLOB = re.compile(r"[*?\[]")
#: Files of a folder that speak about it: no articles, though they are text.
_ABOUT = re.compile(r"(?:readme|licen[cs]e|notice)(?:\.(?:md|txt|rst))?", re.IGNORECASE)
_SPOOL_BYTES = 16 * 2**20
_EDGE_BYTES = 65536  # of a local file's start and end, for its fingerprint
#: What stores call the version of an object, strongest first.
_VERSIONS = ("md5Hash", "crc32c", "ETag", "etag", "generation", "checksum", "LastModified", "mtime", "updated")


class NoSuchInput(Exception):
    """A path, URL or pattern that names nothing."""


class InputFile(NamedTuple):
    """A file to read, and what tells whether it is still the same."""

    origin: str  # path or URL, in its shortest spelling
    size: int  # bytes as stored; -1 where a server does not say
    fingerprint: str


def is_url(path: str) -> bool:
    """Whether a path is an fsspec URL rather than a local path."""
    return bool(_URL.match(path))


def expand(paths: Sequence[str]) -> list[InputFile | BadRecord]:
    """The files under paths, each once and ordered by origin, so that the order of arguments changes nothing.

    Folders are walked; hidden files in them, and README, LICENSE and NOTICE, are skipped. What cannot be read becomes a
    BadRecord among the files. Raises NoSuchInput where an argument names nothing.
    """
    found: dict[str, InputFile | BadRecord] = {}
    for path in paths:
        for one in _expand_url(path) if is_url(path) else _expand_local(path):
            found.setdefault(one.origin, one)
    return [found[origin] for origin in sorted(found)]


def open_bytes(origin: str) -> BinaryIO:
    """Open a file's bytes as stored. Raises BadRecord where the file system refuses."""
    with refusals(origin):
        if is_url(origin) and not origin.startswith("file://"):
            fs, path = fsspec.core.url_to_fs(origin)
            if _is_web(origin) and not fs.info(path).get("partial"):
                return _downloaded(fs, path)
            return cast(BinaryIO, fs.open(path, "rb"))
        return open(origin.removeprefix("file://"), "rb", buffering=0)


def _downloaded(fs: Any, path: str) -> BinaryIO:
    """A copy of what a server gives only from its start; on disk where it is large."""
    copy = tempfile.SpooledTemporaryFile(_SPOOL_BYTES)
    with fs.open(path, "rb", block_size=0) as source:
        shutil.copyfileobj(source, copy, 1 << 18)
    copy.seek(0)
    return cast(BinaryIO, copy)


@contextmanager
def refusals(origin: str) -> Iterator[None]:
    """Turn what a file system refuses into a BadRecord; faults of a network stay what they are."""
    try:
        yield
    except OSError as error:
        if isinstance(error, TimeoutError | ConnectionError):
            raise
        raise unreadable(origin, error) from error


def unreadable(origin: str, error: OSError | str) -> BadRecord:
    """The bad record of a file or folder that the file system refuses."""
    message = error if isinstance(error, str) else (error.strerror or str(error))
    return BadRecord("read", "unreadable", message, origin=origin)


def _expand_local(path: str) -> Iterator[InputFile | BadRecord]:
    if not path:
        raise NoSuchInput("a path must not be empty")
    name = os.path.normpath(os.path.expanduser(path))
    if os.path.lexists(name):
        yield from _under(name, ())
        return
    matches = sorted(glob.glob(name, recursive=True)) if _GLOB.search(name) else []
    if not matches:
        raise NoSuchInput(f"{path}: no such file or folder")
    for match in matches:
        yield from _under(match, ())


def _under(name: str, above: tuple[tuple[int, int], ...]) -> Iterator[InputFile | BadRecord]:
    """Files at and under a local path; `above` holds the folders on the way, against loops of links."""
    try:
        status = os.stat(name)
        if not os.path.isdir(name):
            yield _local_file(name, status) if os.path.isfile(name) else unreadable(name, "no regular file")
            return
        here = (status.st_dev, status.st_ino)
        if here in above:
            return
        for child in sorted(os.listdir(name)):
            if not _is_skipped(child):
                yield from _under(os.path.normpath(os.path.join(name, child)), (*above, here))
    except OSError as error:
        yield unreadable(name, error)


def _local_file(name: str, status: os.stat_result) -> InputFile:
    with open(name, "rb", buffering=0) as file:
        head = file.read(_EDGE_BYTES)
        if status.st_size > 2 * _EDGE_BYTES:
            file.seek(-_EDGE_BYTES, os.SEEK_END)
        tail = file.read(_EDGE_BYTES)
    # the middle of a large file is not read: its time of change speaks for it
    changed = status.st_mtime_ns if status.st_size > 2 * _EDGE_BYTES else 0
    print_ = digest(status.st_size, head.hex(), tail.hex(), changed)
    return InputFile(name, status.st_size, print_)


def _expand_url(url: str) -> Iterator[InputFile | BadRecord]:
    if url.startswith("file://"):
        yield from _expand_local(url.removeprefix("file://"))
        return
    try:
        fs, path = fsspec.core.url_to_fs(url)
        if _is_web(url) or fs.isfile(path):
            origins = {url: path}
        elif fs.isdir(path):
            # spelt as the user spelt the folder, so that origins do not depend on the store's own way
            inside = [name for name in fs.find(path) if not _is_hidden(name, path)]
            origins = {url.rstrip("/") + "/" + name.removeprefix(path).lstrip("/"): name for name in inside}
        else:
            found = fs.glob(path, detail=True) if _GLOB.search(path) else {}
            names = [n for n, info in found.items() if info.get("type") != "directory" and not _is_hidden(n, "")]
            origins = {url.split("://")[0] + "://" + name.lstrip("/"): name for name in names}
            if not origins:
                raise NoSuchInput(f"{url}: no such file or folder")
        for origin, name in sorted(origins.items()):
            yield _remote_file(fs, name, origin)
    except FileNotFoundError as error:
        raise NoSuchInput(f"{url}: no such file or folder") from error
    except (ValueError, ImportError) as error:  # a protocol that is unknown or not installed
        raise NoSuchInput(f"{url}: {error}") from error
    except PermissionError as error:
        yield unreadable(url, error)


def _is_web(url: str) -> bool:
    return url.startswith(("http://", "https://"))


def _is_hidden(name: str, folder: str) -> bool:
    return any(_is_skipped(part) for part in PurePosixPath(name.removeprefix(folder)).parts)


def _is_skipped(name: str) -> bool:
    """Whether a file or folder is left out of a walk: hidden, or about the folder."""
    return name.startswith(".") or bool(_ABOUT.fullmatch(name))


def _remote_file(fs: Any, name: str, origin: str) -> InputFile:
    info = fs.info(name)
    size = info.get("size")
    version = next((f"{key}={info[key]}" for key in _VERSIONS if info.get(key)), "")
    if not version and size is not None:
        version = digest(fs.cat_file(name, 0, min(size, _EDGE_BYTES)).hex())
    return InputFile(origin, -1 if size is None else int(size), digest(size, version))
