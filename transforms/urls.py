"""Bring the many addresses of one article to one.

A canonical address is an identity, not a link to follow: two addresses with the same one are taken for the same article
without a look at the text. Where a part might name an article (`id=7`, `page=2`, the case of a path) it stays.
"""

import posixpath
import re
from urllib.parse import quote, unquote, urlsplit

MAX_URL_CHARS = 8192  # longer ones are data in disguise; they keep their spelling

#: Parameters that say how a reader came, never what is read.
_TRACKERS = frozenset("""
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid igshid igsh li_fat_id epik s_kwcid
    srsltid mc_cid mc_eid _ga _gl _hsenc _hsmi hsctatracking mkt_tok mkwid pcrid oly_anon_id oly_enc_id vero_id
    vero_conv rb_clickid wickedid ncid cmpid icid ito ocid s_cid sc_cid xtor xtref wt_mc wt_mc_id smid smtyp trk
    trkcampaign tracking_source traffic_source traffic-source trafficsource share shared sharetype share_id shareid
    share_token share_from socialshare social_share soc_src soc_trk guccounter guce_referrer guce_referrer_sig spm scm
    ref_src ref_url refsrc referrer referer __twitter_impression impression_id replytocom ftag ftcamp mbid nocache
    cachebuster cache_buster cx_testid cx_testvariant cx_artpos phpsessid jsessionid sessionid session_id cfid cftoken
    oscsid zenid amp_js_v amp_gsa usqp rss_id wprov ved usg sr_share cndid mkcid mkevt dicbo taid
""".split())  # fmt: skip
_TRACKER_PREFIXES = (
    *("utm_", "at_", "ns_", "pk_", "mtm_", "matomo_", "piwik_", "hsa_", "fb_", "wt.", "stm_", "aspsessionid"),
    *("guce_", "_hs", "action_object_map", "action_type_map", "action_ref_map", "tblci"),
)

#: Parameters that track with some values and name an article with others: only these values go.
_CHANNEL = re.compile(
    r"(rss|atom|feed|twitter|tw|facebook|fb|linkedin|whatsapp|telegram|reddit|pinterest|instagram|e?mail|newsletters?|"
    r"social|share|sharing|home|homepage|front|frontpage|hp|nav|navbar|sidebar|footer|header|related|search|google|"
    r"bing|yahoo|apple|app|push|amp|mobile|desktop|web|www|direct|referral|organic|partner|syndication|widget|"
    r"(rss|feed|share|social|twitter|facebook|newsletter)[_-].*|.*[_-](rss|feed|share|twitter|facebook|newsletter))",
    re.IGNORECASE,
)
_CHANNEL_NAMES = frozenset(
    "ref source src from via origin medium partner emc mod feature cid cmp campaign channel referral rss feed xid sref "
    "int_source int_medium int_campaign".split()
)
_YES = re.compile(r"(|1|true|yes|y|on)", re.IGNORECASE)
_FLAG_NAMES = frozenset(
    "print printable printer_friendly printerfriendly amp mobile rss noredirect showcomments".split()
)
_FORM = re.compile(r"(amp|print|printable|mobile|m)", re.IGNORECASE)
_FORM_NAMES = frozenset("outputtype output view mode format display version layout".split())
_SESSION = re.compile(r"[0-9a-f]{16,}", re.IGNORECASE)
_SESSION_NAMES = frozenset("sid s sess session".split())

_INDEX = re.compile(r"(index|default)\.(html?|shtml|php\d?|aspx?|jsp|cfm)", re.IGNORECASE)
_PATH_SESSION = re.compile(r";(jsessionid|phpsessid|sid|sessionid)=[^/;]*", re.IGNORECASE)
_SLUG = re.compile(r"[\d._-]|.{20}|%")  # the look of a last segment that names a story rather than a section
_SPACES = re.compile(r"[\x00-\x20\x7f\u00a0\u2028\u2029\ufeff]+")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SECOND_LEVEL = frozenset("co com org net gov gob edu ac or ne go gouv govt mil".split())
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*|\[[0-9a-f:.]+\]")


def canonical_url(url: str | None) -> str | None:
    """The address without trackers, session parts and needless variants; None where it is no address of a page."""
    if not isinstance(url, str):
        return None
    given = _SPACES.sub("", url) if len(url) > MAX_URL_CHARS else _SPACES.sub("", url.strip().replace(" ", "%20"))
    parts = _split(given)
    if parts is None:
        return None
    host, port, path, query, fragment = parts
    if len(given) > MAX_URL_CHARS:
        return given
    inner = _unwrapped_amp(host, path, query)
    if inner is not None:
        return canonical_url(inner)
    route = f"#{_requoted(fragment, _QUERY_SAFE)}" if fragment.startswith(("!", "/")) and len(fragment) > 1 else ""
    path = _canonical_path(path)
    query = _canonical_query(query, is_root=path == "/")
    return f"https://{_site(host)}{port}{path}{'?' + query if query else ''}{route}"


def host_of(url: str | None) -> str | None:
    """The publisher's host: lower case, without www, m and amp; None where there is none."""
    canonical = canonical_url(url)
    parts = _split(canonical) if canonical else None
    return _site(parts[0]) if parts else None


def _split(url: str) -> tuple[str, str, str, str, str] | None:
    """Host, port (with its colon, empty for the default one), path, query and fragment of a web address."""
    if url.startswith("//"):
        url = "https:" + url
    elif url[:4].lower() == "www.":
        url = "https://" + url
    try:
        parts = urlsplit(url)
        port = parts.port
        host = _ascii_host(parts.hostname or "")
    except ValueError:  # a bad port, bracket or label
        return None
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return None
    shown = "" if port is None or port in (80, 443) else f":{port}"
    return host, shown, parts.path, parts.query, parts.fragment


def _ascii_host(host: str) -> str:
    host = host.lower().rstrip(".")
    if host.isascii():
        return f"[{host}]" if ":" in host else host
    return host.encode("idna").decode("ascii")  # UnicodeError is a ValueError


def _site(host: str) -> str:
    """The host without the labels that choose a form of the same page."""
    labels = host.split(".")
    while len(labels) > 2 and labels[0] in ("www", "m", "mobile", "amp") and not _is_suffix(labels[1:]):
        labels = labels[1:]
    if len(labels) > 3 and labels[1] == "m":  # en.m.wikipedia.org
        del labels[1]
    return ".".join(labels)


def _is_suffix(labels: list[str]) -> bool:
    """Whether what is left is a country's second level (com.au) and the label before it a name of its own."""
    return len(labels) == 2 and len(labels[1]) == 2 and labels[0] in _SECOND_LEVEL


def _unwrapped_amp(host: str, path: str, query: str) -> str | None:
    """The publisher's address inside one of a cache of AMP pages."""
    if host.endswith(".cdn.ampproject.org"):
        found = re.match(r"/(?:[a-z]|wp)/(?:s/)?([^/]+\..+)", path)
    elif host in ("google.com", "www.google.com"):
        found = re.match(r"/amp/(?:s/)?([^/]+\..+)", path)
    else:
        return None
    return f"https://{found[1]}{'?' + query if query else ''}" if found else None


_PATH_SAFE = "!$&'()*+,;=:@/%"
_QUERY_SAFE = _PATH_SAFE + "?"


def _requoted(part: str, safe: str) -> str:
    """The part with escapes in capitals, and only where they are needed."""
    encoded = quote(part, safe=safe, errors="replace")
    encoded = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", encoded)
    return _PERCENT.sub(lambda m: c if (c := chr(int(m[1], 16))) in _UNRESERVED else m[0].upper(), encoded)


def _canonical_path(path: str) -> str:
    path = _PATH_SESSION.sub("", _requoted(path, _PATH_SAFE))
    path = re.sub(r"/{2,}", "/", "/" + path)
    segments = [s for s in posixpath.normpath(path).split("/") if s]
    if segments and _INDEX.fullmatch(segments[-1]):
        segments.pop()
    while (
        len(segments) > 1
        and segments[-1].lower() in ("amp", "amp.html", "print", "amphtml")
        and _SLUG.search(segments[-2])
    ):
        segments.pop()
    while len(segments) > 1 and segments[0].lower() in ("amp", "amphtml") and _SLUG.search(segments[-1]):
        del segments[0]
    if segments:
        segments[-1] = re.sub(r"(?i)(?<=.)\.amp(?=\.html?$|$)", "", segments[-1])
        if not segments[-1]:
            segments.pop()
    return "/" + "/".join(segments)


def _canonical_query(query: str, is_root: bool) -> str:
    kept = []
    for part in query.split("&"):
        part = part.removeprefix("amp;")  # an ampersand that was escaped once too often
        name, equals, value = part.partition("=")
        if part and not _is_needless(unquote(name).lower(), unquote(value), is_root):
            name, value = (_requoted(p, _QUERY_SAFE).replace("%20", "+") for p in (name, value))
            kept.append((name, f"{name}{equals}{value}"))
    kept.sort(key=lambda pair: pair[0])  # stable: repeated names keep their order
    return "&".join(part for _, part in kept)


def _is_needless(name: str, value: str, is_root: bool) -> bool:
    if name in _TRACKERS or name.startswith(_TRACKER_PREFIXES):
        return True
    if name in _FLAG_NAMES and _YES.fullmatch(value) or name == "m" and value == "1":
        return True
    if name in _FORM_NAMES and _FORM.fullmatch(value):
        return True
    if name in _CHANNEL_NAMES and _CHANNEL.fullmatch(value):
        return True
    if name in _SESSION_NAMES and _SESSION.fullmatch(value):
        return True
    if name == "_" and value.isdigit():  # a cache breaker
        return True
    if name == "s" and re.fullmatch(r"\d\d", value) and not is_root:  # which application shared it; /?s= searches
        return True
    return name == "page" and value == "1" and not is_root
