"""Lists of addresses in plain text."""

from newsbeam.transforms.feeds.addresses import absolute_url
from newsbeam.transforms.feeds.guards import bad_feed
from newsbeam.transforms.feeds.model import Outline
from newsbeam.transforms.feeds.opml import parse_opml

__all__ = ["Outline", "parse_feed_list", "parse_url_list"]


def parse_url_list(body: bytes) -> list[str]:
    """The addresses of a text list, one a line, each once; blank lines and # comments are skipped.

    Raises BadRecord with the number of the first line that is no address.
    """
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = body.decode("utf-16", "replace")
    else:
        text = body.decode("utf-8-sig", "replace")
    urls: dict[str, None] = {}
    for number, line in enumerate(text.splitlines(), 1):
        written = line.strip()
        if not written or written.startswith("#"):
            continue
        address = written.split()[0]
        url = absolute_url(address if "://" in address else f"https://{address}") if _is_address(address) else None
        if url is None:
            raise bad_feed("bad_record", f"line {number}: no address: {written[:100]!r}", body)
        urls.setdefault(url)
    if not urls:
        raise bad_feed("empty", "line 1: no address in the list", body)
    return list(urls)


def _is_address(written: str) -> bool:
    """Whether a word is an http(s) address, or at least a host with a dot."""
    if "://" in written:
        return written.lower().startswith(("http://", "https://"))
    host = written.split("/")[0]
    return "." in host.strip(".") and "<" not in host and "@" not in host


def parse_feed_list(body: bytes) -> list[Outline]:
    """The feeds of a list, be it OPML or plain text."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return parse_opml(body)
    return [Outline(url, None, []) for url in parse_url_list(body)]
