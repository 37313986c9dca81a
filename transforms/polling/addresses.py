"""Which network addresses a fetch may connect to."""

import ipaddress
import socket
from collections.abc import Callable, Sequence

#: (host, port) -> socket addresses, as `socket.getaddrinfo` gives them. Raises OSError where there are none.
Resolver = Callable[[str, int], Sequence[tuple[int, tuple[object, ...]]]]

# The registry of special purpose addresses (RFC 6890 and its successors), spelled out because
# `ipaddress.is_global` changed its mind between patch releases of Python.
_NEVER = [
    ipaddress.ip_network(block)
    for block in (
        *("0.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        *("::/128", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fe80::/10"),
        *("fec0::/10", "ff00::/8"),
    )
]
_PRIVATE = [
    ipaddress.ip_network(block)
    for block in ("10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
]
# IPv6 blocks that carry an IPv4 address: (block, bits to shift the address right by)
_EMBEDDING = [
    (ipaddress.ip_network("::ffff:0:0/96"), 0),  # mapped
    (ipaddress.ip_network("::ffff:0:0:0/96"), 0),  # translated
    (ipaddress.ip_network("64:ff9b::/96"), 0),  # NAT64
    (ipaddress.ip_network("64:ff9b:1::/48"), 0),  # NAT64, local
    (ipaddress.ip_network("2002::/16"), 80),  # 6to4
    (ipaddress.ip_network("::/96"), 0),  # compatible, long withdrawn; ::1 is looked up before
]


def is_permitted(address: str, *, allow_private_networks: bool = False) -> bool:
    """Whether a fetch may connect to an IP address.

    Loopback and private addresses are permitted with `allow_private_networks` only; link-local ones (where clouds
    keep their credentials), multicast, unspecified, carrier-grade and reserved ones never. An IPv4 address inside an
    IPv6 one counts as itself.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if any(ip in block for block in _PRIVATE if block.version == ip.version):
        return allow_private_networks
    if any(ip in block for block in _NEVER if block.version == ip.version):
        return False
    for block, shift in _EMBEDDING:
        if ip.version == 6 and ip in block:
            inner = ipaddress.IPv4Address((int(ip) >> shift) & 0xFFFFFFFF)
            return is_permitted(str(inner), allow_private_networks=allow_private_networks)
    return True


def resolve(host: str, port: int) -> list[tuple[int, tuple[object, ...]]]:
    """Socket families and addresses of a host, in the system's order of preference."""
    found = socket.getaddrinfo(host, port, socket.AF_UNSPEC, socket.SOCK_STREAM)
    return [(family, address) for family, _, _, _, address in found]
