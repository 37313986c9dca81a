"""Who reads facts for this process: processes of its own, or those of the process that started it.

Beam starts its worker processes anew for each pipeline, and a run of many chunks has many: their requests go through a
socket to the process of the command, whose readers keep the model and every word that they have met.
"""

import atexit
import json
import logging
import os
import secrets
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener

from newsbeam.transforms.extraction.model import ModelMissing
from newsbeam.transforms.extraction.pool import Pool, Queue, ReadingFailed
from newsbeam.transforms.isolation.messages import pack, unpack

logger = logging.getLogger(__name__)

#: Where a process that the command starts finds its readers: address, key and model as JSON. Never set by users.
VARIABLE = "NEWSBEAM_READERS"
_LONGEST_ADDRESS = 100  # the system takes 107
_OK, _FAILED, _MISSING = b"ok", b"failed", b"missing"


class Remote(Queue):
    """The readers of another process."""

    def __init__(self, address: str, key: bytes, model: str) -> None:
        """Raises OSError, EOFError or AuthenticationError where nobody is there."""
        self._address, self._key, self.model = address, key, model
        connection, processes = self._connect()
        self._idle = [connection]
        self._idle_lock = threading.Lock()
        super().__init__(processes)

    def answers(self, parts: Sequence[bytes]) -> list[bytes]:
        """Ask there."""
        with self._idle_lock:
            connection = self._idle.pop() if self._idle else None
        connection = connection or self._connect()[0]
        try:
            connection.send_bytes(pack(parts))
            kind, *answers = unpack(connection.recv_bytes())
        except BaseException:
            connection.close()
            raise
        with self._idle_lock:
            self._idle.append(connection)
        if kind != _OK:
            raise (ModelMissing if kind == _MISSING else ReadingFailed)(answers[0].decode())
        return answers

    def _connect(self) -> "tuple[Connection[bytes, bytes], int]":
        """A connection, and how many readers answer there."""
        connection = Client(self._address, family="AF_UNIX", authkey=self._key)
        return connection, int(connection.recv_bytes())


@contextmanager
def shared_with_children(pool: Pool) -> Iterator[None]:
    """Let processes that are started within use the readers of this one, over a socket that is only the user's."""
    folder = tempfile.mkdtemp(prefix="newsbeam-")  # nobody else may look into it
    address = os.path.join(folder, "readers")
    try:
        if len(os.fsencode(address)) > _LONGEST_ADDRESS:
            logger.warning("%s is too long for a socket: each worker process loads the model for itself", address)
            yield
            return
        key = secrets.token_bytes(32)
        is_over = threading.Event()
        with Listener(address, family="AF_UNIX", backlog=64, authkey=key) as listener:
            threading.Thread(target=_accept, args=(listener, pool, is_over), daemon=True).start()
            before = os.environ.get(VARIABLE)
            os.environ[VARIABLE] = json.dumps({"address": address, "key": key.hex(), "model": pool.model})
            try:
                yield
            finally:
                os.environ.pop(VARIABLE, None)
                if before is not None:
                    os.environ[VARIABLE] = before
                is_over.set()
                with socket.socket(socket.AF_UNIX) as last, suppress(OSError):
                    last.connect(address)  # else who accepts waits for ever
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _accept(listener: Listener, pool: Pool, is_over: threading.Event) -> None:
    while not is_over.is_set():
        try:
            connection = listener.accept()
        except (AuthenticationError, EOFError, ConnectionError):
            continue  # somebody without the key, or gone before he said it
        except OSError:
            return  # closed
        threading.Thread(target=_serve, args=(connection, pool), daemon=True).start()


def _serve(connection: "Connection[bytes, bytes]", pool: Pool) -> None:
    with connection, suppress(EOFError, OSError):  # it ended
        connection.send_bytes(str(pool.processes).encode())
        while True:
            parts = unpack(connection.recv_bytes())
            try:
                reply = [_OK, *pool.submit(parts).result()]
            except ModelMissing as missing:
                reply = [_MISSING, str(missing).encode()]
            except Exception as error:
                reply = [_FAILED, str(error).encode()]
            connection.send_bytes(pack(reply))


_own: dict[str, Pool] = {}
_remote: dict[str, Remote] = {}
_lock = threading.Lock()


def own_readers(model: str, processes: int = 1) -> Pool:
    """The readers of this process, which all its runs and threads share: at least so many, loading from now on."""
    with _lock:
        pool = _own.get(model)
        if pool is None or pool.pid != os.getpid():
            pool = _own[model] = Pool(model, processes)
        else:
            pool.grow(processes)
        return pool


def readers(model: str) -> Queue:
    """Who reads facts for this process: its own readers where it has some, else those of the command, else new ones."""
    with _lock:
        pool = _own.get(model)
        if pool is not None and pool.pid == os.getpid():
            return pool
        if model in _remote:
            return _remote[model]
        known = json.loads(os.environ.get(VARIABLE, "{}"))
        if known.get("model") == model:
            try:
                _remote[model] = Remote(known["address"], bytes.fromhex(known["key"]), model)
                return _remote[model]
            except (OSError, EOFError, AuthenticationError) as fault:
                logger.warning("nobody reads at %s (%s)", known["address"], type(fault).__name__)
    return own_readers(model)


def close_readers(model: str | None = None) -> None:
    """End the readers of this process; who asks next starts new ones."""
    with _lock:
        for name in [model] if model is not None else list(_own):
            if (pool := _own.pop(name, None)) is not None:
                pool.close()


atexit.register(close_readers)
