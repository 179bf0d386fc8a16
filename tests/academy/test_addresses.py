"""The client's address: read in one place, behind proxies too."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import RequestFactory

from academy.web.client_address import client_address, is_local


@pytest.mark.parametrize(
    ("proxies", "forwarded", "peer", "address"),
    [
        (0, None, "192.0.2.1", "192.0.2.1"),
        (0, "198.51.100.7", "192.0.2.1", "192.0.2.1"),  # anybody may write that header
        (1, "198.51.100.7", "127.0.0.1", "198.51.100.7"),
        (
            1,
            "203.0.113.9, 198.51.100.7",
            "127.0.0.1",
            "198.51.100.7",
        ),  # the client wrote the first one
        (2, "203.0.113.9, 198.51.100.7, 10.0.0.2", "127.0.0.1", "198.51.100.7"),
        (2, "198.51.100.7", "127.0.0.1", "198.51.100.7"),
        (1, None, "192.0.2.1", "192.0.2.1"),
        (1, " , ", "192.0.2.1", "192.0.2.1"),
        (1, "198.51.100.7:4711", "127.0.0.1", "198.51.100.7"),
        (1, "[2001:db8::1]:4711", "127.0.0.1", "2001:db8::/64"),
        (1, "2001:db8::1", "127.0.0.1", "2001:db8::/64"),
        (0, None, "2001:db8::ffff:1", "2001:db8::/64"),
        (0, None, "::ffff:192.0.2.1", "192.0.2.1"),
        (0, None, "fe80::1%eth0", "fe80::/64"),
        (0, None, "", "unknown"),
        (1, "<script>", "127.0.0.1", "unknown"),
    ],
)
def test_client_address(settings, proxies, forwarded, peer, address):
    settings.TRUSTED_PROXY_COUNT = proxies
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}

    assert client_address(RequestFactory().get("/", REMOTE_ADDR=peer, **headers)) == address


@pytest.mark.parametrize(
    ("proxies", "forwarded", "peer", "local"),
    [
        (0, None, "127.0.0.1", True),
        (0, None, "::1", True),
        (0, None, "192.0.2.1", False),
        (0, "198.51.100.7", "127.0.0.1", False),  # a proxy nobody told us of
        (1, "198.51.100.7", "127.0.0.1", False),
        (1, "127.0.0.1, 198.51.100.7", "127.0.0.1", False),
        (1, None, "127.0.0.1", True),
        (0, None, "", False),
    ],
)
def test_is_local(settings, proxies, forwarded, peer, local):
    settings.TRUSTED_PROXY_COUNT = proxies
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}

    assert is_local(RequestFactory().get("/", REMOTE_ADDR=peer, **headers)) is local


def test_nothing_else_reads_the_address():
    reads = re.compile(r"REMOTE_ADDR|REMOTE_HOST|FORWARDED.FOR|X.REAL.IP", re.IGNORECASE)
    packages = {path.parent for path in Path(settings.BASE_DIR).glob("*/__init__.py")}
    apps = packages - {Path(settings.BASE_DIR, "tests")}

    modules = [path for app in apps for path in app.rglob("*.py")]
    readers = [path for path in modules if reads.search(path.read_text(encoding="utf-8"))]

    assert [str(path.relative_to(settings.BASE_DIR)) for path in readers] == [
        "academy/web/client_address.py"
    ]
