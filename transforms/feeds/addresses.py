"""Addresses as they stand in feeds and pages: resolved, cleaned, or refused."""

import re
from urllib.parse import urljoin, urlsplit

URL_CHARS = 2_048  # what browsers and servers take; longer ones are tokens or attacks
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u0080-\u009f\ud800-\udfff]")


def absolute_url(address: str | None, base: str = "") -> str | None:
    """The absolute http(s) address that `address` means on the page `base`; None if it leads nowhere one can fetch."""
    if not address:
        return None
    cleaned = _CONTROLS.sub("", address).strip().replace(" ", "%20")
    if not cleaned or len(cleaned) > URL_CHARS:
        return None
    try:
        joined = urljoin(base, cleaned) if base else cleaned
        parts = urlsplit(joined)
        is_usable = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:  # "http://[::1/": an address with half a bracket
        return None
    return joined if is_usable and len(joined) <= URL_CHARS else None


def host_of(url: str | None) -> str | None:
    """The host of an address without its www., lower case."""
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None
