"""Where a request comes from. Nothing else reads the client's address."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"  # a socket without an address; all such clients share it
IPV6_NETWORK_BITS = 64  # a subscriber is given that much and may change the rest at will


def client_address(request: HttpRequest) -> str:
    """The client as the limits count it: an IPv4 address, or the network of an IPv6 address."""
    address = _parsed(_as_text(request))
    if address is None:
        return UNKNOWN
    if isinstance(address, IPv6Address):
        return str(ip_network((address, IPV6_NETWORK_BITS), strict=False))
    return str(address)


def is_local(request: HttpRequest) -> bool:
    """Whether the request comes from this machine, and not through a proxy nobody told us of."""
    if _forwarded_for(request) and not settings.TRUSTED_PROXY_COUNT:
        return False
    address = _parsed(_as_text(request))
    return address is not None and address.is_loopback


def _as_text(request: HttpRequest) -> str:
    """Each of our proxies adds whom it heard to the end of X-Forwarded-For.

    With so many of them, the client stands that far from the end. What stands before it was
    written by the client itself.
    """
    proxies = settings.TRUSTED_PROXY_COUNT
    ours = _forwarded_for(request)[-proxies:] if proxies else []
    return ours[0] if ours else request.META.get("REMOTE_ADDR", "")


def _forwarded_for(request: HttpRequest) -> list[str]:
    header = request.META.get("HTTP_X_FORWARDED_FOR", "")
    return [part.strip() for part in header.split(",") if part.strip()]


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """The address without the port that some proxies add; an IPv4 address in IPv6 is itself."""
    host, _colon, port = text.rpartition(":")
    if host.count(".") == 3 and port.isdecimal():
        text = host  # 192.0.2.1:4711
    elif text.startswith("["):
        text = text[1:].partition("]")[0]  # [2001:db8::1]:4711
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
