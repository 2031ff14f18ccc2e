"""Addresses of webhooks: which URLs may be given, and to which IP addresses Takip may connect.

Only public addresses may be reached. Otherwise a webhook could read what only Takip's own network may see. In the local
environment the computer itself may be reached too.
"""

import ipaddress
import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from urllib.parse import SplitResult, urldefrag, urlsplit

from chalicelib.domain.sentences import say

Address = IPv4Address | IPv6Address

LONGEST_URL = 1_000
HTTPS_PORT = 443
FIRST_FREE_PORT = 1024
LAST_PORT = 65535
# RFC 4291 and RFC 6052: unicast addresses that are given out, and those that lead to an IPv4 address.
UNICAST = IPv6Network("2000::/3")
NAT64 = IPv6Network("64:ff9b::/96")

_WRITTEN = re.compile(rf"[\x21-\x7e]{{1,{LONGEST_URL}}}")
# Names with a dot. The last label begins with a letter, so that no other form of an IPv4 address is a name.
_NAME = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
_OWN_NAMES = (".localhost", ".local", ".internal")
_LOCALHOST = "localhost"


@dataclass(frozen=True)
class Target:
    """Where a webhook's URL leads: to a port of a host, by TLS if it is `secure`, and to a path with its query."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """The host as an HTTP request names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (HTTPS_PORT if self.secure else 80) else f"{host}:{self.port}"


def is_allowed(address: Address, *, local: bool) -> bool:
    """Whether Takip may connect to an address. Addresses that only carry an IPv4 address are judged by that one."""
    if isinstance(address, IPv6Address):
        carried = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            carried = IPv4Address(int(address) & 0xFFFFFFFF)
        if carried is not None:
            return is_allowed(carried, local=local)
    if local and address.is_loopback:
        return True
    # Python calls multicast global, and IPv6 addresses that nobody has been given yet.
    is_unicast = address in UNICAST if isinstance(address, IPv6Address) else not address.is_multicast
    return address.is_global and is_unicast


def target(url: str, *, local: bool) -> Target:
    """Read the URL of a webhook. Raises ValueError with what is wrong, as the end of a sentence about the URL."""
    if not _WRITTEN.fullmatch(url):
        form = (
            "must have at most {most} characters, all of them printable ASCII without spaces; "
            "write a name with other letters in its form xn--…"
        )
        raise ValueError(say(form, most=LONGEST_URL))
    try:
        parts = urlsplit(url)
        given_port = parts.port
    except ValueError:
        form = "must be a URL with a host and, if given, a port from {least} to {most}"
        raise ValueError(say(form, least=1, most=LAST_PORT)) from None
    secure = parts.scheme == "https"
    if not secure and not (local and parts.scheme == "http"):
        raise ValueError(say("must begin with https://"))
    if "@" in parts.netloc:
        raise ValueError(say("must not have a user name or a password"))
    if urldefrag(url).url != url:
        raise ValueError(say("must not have a fragment"))
    host = _host(parts, local=local)
    port = given_port if given_port is not None else (HTTPS_PORT if secure else 80)
    if port != HTTPS_PORT and port < FIRST_FREE_PORT and not local:
        form = "must have the port {usual}, or one from {least} to {most}"
        raise ValueError(say(form, usual=HTTPS_PORT, least=FIRST_FREE_PORT, most=LAST_PORT))
    return Target(secure, host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def _host(parts: SplitResult, *, local: bool) -> str:
    host = parts.hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if "[" in parts.netloc or not (_may_be_public(host) or (local and host == _LOCALHOST)):
            raise ValueError(say("must name a host on the internet, such as hooks.example.com")) from None
        return host
    if "%" in host or not is_allowed(address, local=local):
        raise ValueError(say("must not lead to an address that is private, reserved or not on the internet"))
    return host


def _may_be_public(name: str) -> bool:
    """Whether a name may be one of the internet. What it resolves to is checked when something is sent."""
    return _NAME.fullmatch(name) is not None and not name.endswith(_OWN_NAMES)
