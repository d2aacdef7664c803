"""Which addresses of the internet a program of ours may be sent to by somebody else. Pure.

Allowed is what is public by the registries of special addresses (IANA, September 2026), and not what merely is not
known to be private. An address that carries another inside (mapped, NAT64) is judged by the one inside.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final, TypeAlias

IPAddress: TypeAlias = IPv4Address | IPv6Address

_SPECIAL_4: Final = tuple(
    IPv4Network(each)
    for each in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT, and clouds' own services
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local: the metadata of clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_GLOBAL_6: Final = IPv6Network("2000::/3")
_SPECIAL_6: Final = tuple(
    IPv6Network(each)
    for each in (
        "2001::/23",  # Teredo, ORCHID and other protocols
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
_NAT64: Final = IPv6Network("64:ff9b::/96")
_OWN_4: Final = tuple(map(IPv4Network, ("10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
_OWN_6: Final = (IPv6Network("::1/128"), IPv6Network("fc00::/7"))
_METADATA_6: Final = IPv6Network("fd00:ec2::/32")
"""A cloud's metadata among the private addresses."""


def is_public(address: IPAddress) -> bool:
    """Whether it is an ordinary address of the public internet."""
    address = _inner(address)
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _SPECIAL_4)
    if address.scope_id is not None:
        return False
    return address in _GLOBAL_6 and not any(address in network for network in _SPECIAL_6)


def is_own(address: IPAddress) -> bool:
    """Whether it is this machine's or of a private network: what a developer's switch may open, and nothing beyond."""
    address = _inner(address)
    if isinstance(address, IPv4Address):
        return any(address in network for network in _OWN_4)
    if address.scope_id is not None or address in _METADATA_6:
        return False
    return any(address in network for network in _OWN_6)


def _inner(address: IPAddress) -> IPAddress:
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return IPv4Address(int(address) & 0xFFFF_FFFF) if address in _NAT64 else address


def read_address(text: str) -> IPAddress | None:
    """The address in a text such as `192.0.2.1` or `2001:db8::1`, None when it is none."""
    try:
        return ip_address(text)
    except ValueError:
        return None
