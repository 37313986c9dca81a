"""The process that parses pages for another one: `deadline.py` starts it, and kills it when it takes too long.

A request is what is known of a page as JSON, and the page; its answer is JSON.
"""

import json
from typing import Any

from newsbeam.transforms.isolation.child import begin
from newsbeam.transforms.isolation.messages import receive, send
from newsbeam.transforms.pages.guards import Refused

MEMORY_BYTES = 3 * 2**30  # of address space, most of it libraries


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
    """Answer requests until their end."""
    requests, answers = begin()
    try:
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard == resource.RLIM_INFINITY or hard > MEMORY_BYTES:
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, hard))
    except (ImportError, ValueError, OSError):
        pass  # no such limit on this system: the deadline remains
    import newsbeam.transforms.pages.article  # noqa: F401  # before the first request, whose time would count

    send(answers, [b"ready"])
    while (message := receive(requests)) is not None:
        head, html = message
        send(answers, [json.dumps(answer(json.loads(head), html)).encode("ascii")])
