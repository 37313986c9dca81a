"""The process that parses pages for another one: `deadline.py` starts it, and kills it when it takes too long.

A message, in either direction: the lengths of head and body in eight bytes, the head as JSON, the body.
"""

import json
import signal
import struct
import sys
from typing import IO, Any

from newsbeam.transforms.pages.guards import Refused

HEAD = struct.Struct(">II")
MEMORY_BYTES = 3 * 2**30  # of address space, most of it libraries


def send(pipe: IO[bytes], head: dict[str, Any], body: bytes = b"") -> None:
    """Write one message."""
    encoded = json.dumps(head).encode("ascii")
    pipe.write(HEAD.pack(len(encoded), len(body)) + encoded)
    pipe.write(body)
    pipe.flush()


def receive(pipe: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """Read one message; None at the end of the pipe, even if that comes within a message."""
    sizes = pipe.read(HEAD.size)
    if len(sizes) < HEAD.size:
        return None
    head_size, body_size = HEAD.unpack(sizes)
    head, body = pipe.read(head_size), pipe.read(body_size)
    return (json.loads(head), body) if len(head) == head_size and len(body) == body_size else None


def answer(request: dict[str, Any], html: bytes) -> dict[str, Any]:
    """The answer to one request: a page, or what is bad about it."""
    from newsbeam.transforms.pages.article import read_article  # here, since the parent needs no parser

    try:
        return {"page": read_article(html, url=request["url"], content_type=request["content_type"])}
    except Refused as refused:
        return {"bad": [refused.reason, refused.error]}
    except MemoryError:
        return {"bad": ["killed", "no memory left to parse the page with"]}
    except Exception as e:  # a fault of a parser of others on this page: the page is bad, the run is not
        return {"bad": ["killed", f"{type(e).__name__}: {e}"]}


def main() -> None:
    """Answer requests on standard input until it ends."""
    try:
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard == resource.RLIM_INFINITY or hard > MEMORY_BYTES:
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, hard))
    except (ImportError, ValueError, OSError):
        pass  # no such limit on this system: the deadline remains
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, whose end is this one's
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a parser prints must not end up among the answers
    import newsbeam.transforms.pages.article  # noqa: F401  # before the first request, whose time would count

    send(answers, {"ready": True})
    while message := receive(requests):
        send(answers, answer(*message))
