"""Where a lake lies: a folder, or a prefix of a bucket, behind the few operations that the protocol needs.

Nothing is renamed on a bucket and nothing is streamed into an open file there: fsspec commits a half-written object
when the block that writes it raises (research: gcsfs, s3fs). An object is put whole, from memory, or not at all.
"""

import errno
import fcntl
import functools
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

# gcsfs asks each new bucket for its type over gRPC and TLS: with an emulator that waits 60 s (read at import)
os.environ.setdefault("GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT", "false")

import pyarrow as pa
import pyarrow.parquet as pq
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

TEMP = "_tmp"
_GCS = ("gs", "gcs")
_THREADS = 16  # round trips to a bucket in flight at a time


class Stored(NamedTuple):
    """What a listing says of a file."""

    bytes: int
    changed_at: float  # seconds since 1970 UTC by the storage's own clock


class Storage:
    """Files under one root, named by paths relative to it. Pickles as its root."""

    def __init__(self, root: str) -> None:
        if not root:
            raise ValueError("root must name a folder or a bucket's prefix, was ''")
        if not root.isprintable() or set(root) & set("*?["):
            raise ValueError(f"root must be free of *, ? and [, which DuckDB takes for patterns, was {root!r}")
        self.root = root
        self._fs: Any = None
        self._base = ""

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.root,)

    @property
    def filesystem(self) -> Any:
        """The fsspec filesystem behind it."""
        if self._fs is None:
            self._fs, base = url_to_fs(self.root, **_options(self.root))
            if _scheme(self.root) in _GCS:
                # gcsfs reads ahead in tasks that are never awaited where, as DuckDB does, a file is not closed:
                # "Task was destroyed but it is pending". Columns are read in ranges: there is nothing to read ahead
                self._fs._open = functools.partial(self._fs._open, cache_type="none")
            self._base = base.rstrip("/")
        return self._fs

    @property
    def is_local(self) -> bool:
        """Whether the lake is a folder of this machine."""
        return isinstance(self.filesystem, LocalFileSystem)

    def full(self, path: str) -> str:
        """The path as the filesystem names it: absolute, without a scheme."""
        assert self.filesystem is not None
        return f"{self._base}/{path}" if path else self._base

    def url(self, path: str) -> str:
        """The path as DuckDB names it: absolute, with a scheme unless local."""
        full = self.full(path)
        return full if self.is_local else str(self.filesystem.unstrip_protocol(full))

    def get(self, path: str) -> bytes:
        """Content of a file. Raises FileNotFoundError."""
        return bytes(self.filesystem.cat_file(self.full(path)))

    def read_columns(self, path: str, columns: list[str]) -> pa.Table:
        """Columns of a Parquet file; of a bucket's object, only their bytes are fetched."""
        if self.is_local:
            with pq.ParquetFile(self.full(path)) as file:
                return file.read(columns=columns, use_threads=False)
        with self.filesystem.open(self.full(path), "rb") as source:
            return pq.ParquetFile(source).read(columns=columns, use_threads=False)

    def exists(self, path: str) -> bool:
        """Whether the file is there."""
        return bool(self.filesystem.exists(self.full(path)))

    def size(self, path: str) -> int | None:
        """Bytes of a file; None where it is not there."""
        try:
            return int(self.filesystem.info(self.full(path))["size"])
        except FileNotFoundError:
            return None

    def changed_at(self, path: str) -> float | None:
        """When a file was last put; None where it is not there."""
        try:
            return _changed_at(self.filesystem.info(self.full(path)))
        except FileNotFoundError:
            return None

    def put(self, path: str, content: bytes) -> None:
        """Put a file whole, over whatever is there.

        Immutable files are named from their content, so that a repeat changes nothing but their age, which is what
        keeps a sweep away from a file that a writer is about to list.
        """
        if self.is_local:
            self._put_local(path, content, is_new=False)
        else:
            self.filesystem.pipe_file(self.full(path), content)

    def put_new(self, path: str, content: bytes) -> None:
        """Put a file whole where none is. Raises FileExistsError and leaves the other as it is."""
        if self.is_local:
            self._put_local(path, content, is_new=True)
        else:
            self.filesystem.pipe_file(self.full(path), content, mode="create")

    def delete(self, path: str) -> None:
        """Delete a file; no error where it is not there."""
        try:
            self.filesystem.rm_file(self.full(path))
        except FileNotFoundError:
            pass

    def files(self, folder: str, *, is_deep: bool = True) -> dict[str, Stored]:
        """All files below a folder, at any depth or right in it, by path; in order."""
        if self.is_local:
            return self._files_local(folder, is_deep)
        fs = self.filesystem
        fs.invalidate_cache()
        found = fs.find(self.full(folder), detail=True)
        below = len(self._base) + 1
        return {
            name[below:]: Stored(int(info["size"]), _changed_at(info))
            for name, info in sorted(found.items())
            if info["type"] == "file" and not name.endswith("/")
            if is_deep or "/" not in name.removeprefix(f"{self.full(folder)}/")
        }

    def drop_empty_folders(self, folder: str) -> None:
        """Remove folders that hold nothing; a bucket has none."""
        if not self.is_local:
            return
        for name, _, _ in os.walk(self.full(folder), topdown=False):
            try:
                os.rmdir(name)
            except OSError:
                pass  # not empty, or another sweep was faster

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes of this machine out of the same block; the system ends it where a process dies.

        A bucket has no locks: there the block is entered at once.
        """
        if not self.is_local:
            yield
            return
        os.makedirs(self.full(""), exist_ok=True)
        handle = os.open(self.full(""), os.O_RDONLY)  # the folder itself: no file that a sweep could take
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def each(self, work: Any, elements: Iterable[Any]) -> list[Any]:
        """Results of `work` on each element, in order; in parallel where each waits for a network."""
        todo = list(elements)
        if self.is_local or len(todo) < 2:
            return [work(element) for element in todo]
        with ThreadPoolExecutor(_THREADS) as pool:
            return list(pool.map(work, todo))

    def write_temp(self, path: str, content: bytes) -> None:
        """Write and flush the local file that a put then moves into place."""
        with open(path, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())

    def _put_local(self, path: str, content: bytes, *, is_new: bool) -> None:
        final = self.full(path)
        folder = os.path.dirname(final)
        temp_folder = self.full(TEMP)
        os.makedirs(temp_folder, exist_ok=True)
        temp = os.path.join(temp_folder, secrets.token_hex(16))  # no .parquet ending: no glob takes it for a table's
        try:
            self.write_temp(temp, content)
            _retry_missing_folder(folder, lambda: _link(temp, final) if is_new else os.replace(temp, final))
        finally:
            if os.path.exists(temp):
                os.unlink(temp)
        _sync_folder(folder)

    def _files_local(self, folder: str, is_deep: bool) -> dict[str, Stored]:
        found = {}
        base = Path(self.full(""))
        for name, folders, files in os.walk(self.full(folder), onerror=_raise_unless_missing):
            if not is_deep:
                folders.clear()
            for file in files:
                path = Path(name, file)
                try:
                    status = path.stat()
                except FileNotFoundError:
                    continue  # deleted since it was listed
                found[path.relative_to(base).as_posix()] = Stored(status.st_size, status.st_mtime)
        return dict(sorted(found.items()))


def _raise_unless_missing(error: OSError) -> None:
    """A folder that may not be read is no empty folder: a lake that looked empty would be begun anew."""
    if not isinstance(error, FileNotFoundError):
        raise error


def _options(root: str) -> dict[str, Any]:
    """Arguments of the filesystem that a root's scheme asks for; endpoints come from the usual environment."""
    scheme = _scheme(root)
    if scheme in _GCS:
        own = {"use_listings_cache": False, "skip_instance_cache": True}
        return own | ({"token": "anon"} if "STORAGE_EMULATOR_HOST" in os.environ else {})
    if scheme in ("s3", "s3a"):
        return {"use_listings_cache": False}
    return {}


def _scheme(root: str) -> str:
    return root.partition("://")[0] if "://" in root else ""


def _changed_at(info: dict[str, Any]) -> float:
    for key in ("mtime", "LastModified", "updated", "last_modified", "created"):
        stamp = info.get(key)
        if isinstance(stamp, datetime):
            return (stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)).timestamp()
        if isinstance(stamp, str):
            return datetime.fromisoformat(stamp).timestamp()
        if isinstance(stamp, int | float):
            return float(stamp)
    return time.time()  # a storage that tells no age: nothing on it is ever old enough to sweep


def _link(temp: str, final: str) -> None:
    """Give a file its final name unless another has it: a hard link is the one move that never overwrites."""
    try:
        os.link(temp, final)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS):
            raise
        told = "this file system has no hard links, which tell a lake's writers who was first; keep the lake elsewhere"
        raise OSError(error.errno, told, final) from error


def _retry_missing_folder(folder: str, move: Any) -> None:
    """Do `move` into a folder that a sweep may remove, as empty, at any moment."""
    for attempt in range(5):
        os.makedirs(folder, exist_ok=True)
        try:
            move()
            return
        except FileNotFoundError:
            if attempt == 4:
                raise


def _sync_folder(folder: str) -> None:
    """Make a new name in a folder survive a loss of power."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return  # a system that does not open folders
    try:
        os.fsync(handle)
    except OSError:
        pass  # a file system that does not flush folders
    finally:
        os.close(handle)
