"""A browser without a screen, and a gateway of text messages, for bin/walk_deploy.py."""

import json
import re
import secrets
import socket
import ssl
import time
import urllib.error
import urllib.request
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlencode, urljoin

from workshop import Stop


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def must(fact: object, sentence: str) -> None:
    if not fact:
        raise Stop(f"!! {sentence}")


def wait_until(answers, sentence: str, seconds: int = 60) -> None:
    patience = time.monotonic() + seconds
    while not answers():
        must(time.monotonic() < patience, sentence)
        time.sleep(0.2)


class Forms(HTMLParser):
    """The forms of a page: where they go, with what they hold."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []
        self._area: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        found = dict(attributes)
        if tag == "form":
            self.forms.append((found.get("action", ""), []))
        elif self.forms and tag == "textarea":
            self._area = found.get("name", "")
            self.forms[-1][1].append((self._area, ""))
        elif self.forms and tag == "input" and found.get("name"):
            unticked = () if "checked" in found else ("checkbox", "radio")
            if found.get("type") not in ("submit", "file", *unticked):
                self.forms[-1][1].append((found["name"], found.get("value", "")))

    def handle_data(self, text: str) -> None:
        if self._area:
            self.forms[-1][1][-1] = (self._area, self.forms[-1][1][-1][1] + text)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None


class Browser:
    """Somebody at the portal, over HTTPS, with cookies and a certificate that is checked."""

    def __init__(self, site: str, certificate: Path) -> None:
        self.site, self.address, self.html, self.headers = site, "", "", {}
        context = ssl.create_default_context(cafile=certificate)
        handlers = (
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPSHandler(context=context),
            urllib.request.HTTPCookieProcessor(CookieJar()),
        )
        self.opener = urllib.request.build_opener(*handlers)

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> bytes:
        request = urllib.request.Request(urljoin(self.address or self.site, path), body, headers)
        if body is not None:
            request.add_header("Referer", self.address)
        try:
            with self.opener.open(request, timeout=60) as answer:
                self.address, self.headers, content = answer.url, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            said = re.sub(r"<[^>]*>|\s+", " ", error.read().decode(errors="replace"))
            raise Stop(f"!! {path}: {error.code} {said[:400]}") from error
        self.html = content.decode(errors="replace")
        return content

    def open(self, path: str) -> str:
        self.ask(urljoin(self.site, path))
        return self.html

    def link(self, pattern: str) -> str:
        found = re.search(rf'href="({pattern})"', self.html)
        must(found, f"{self.address}: no link to {pattern}")
        return found[1].replace("&amp;", "&")

    def send(
        self,
        action: str,
        /,
        file: tuple[str, bytes] | None = None,
        to: str = "",
        file_field: str = "file",
        **data: str,
    ) -> str:
        """Fill in the form whose action matches and send it; `to` is the address of another
        button.
        """
        posted = [form for form in Forms(self.html).forms if "csrfmiddlewaretoken" in dict(form[1])]
        fits = [form for form in posted if re.search(action, form[0] or self.address)]
        must(fits, f"{self.address}: no form for {action}")
        target, fields = fits[0]
        fields = [(name, value) for name, value in fields if name not in data] + list(data.items())
        if file is None:
            self.ask(to or target or self.address, urlencode(fields).encode())
        else:
            boundary = secrets.token_hex(16)
            parts = [
                (
                    f"--{boundary}\r\n"
                    f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                ).encode()
                for name, value in fields
            ]
            head = (
                f'--{boundary}\r\nContent-Disposition: form-data; name="{file_field}";'
                f' filename="{file[0]}"\r\n\r\n'.encode()
            )
            body = b"".join([*parts, head, file[1], f"\r\n--{boundary}--\r\n".encode()])
            self.ask(
                to or target or self.address,
                body,
                **{"Content-Type": f"multipart/form-data; boundary={boundary}"},
            )
        return self.html


class Gateway(BaseHTTPRequestHandler):
    """Stands in for the gateway of text messages."""

    received: list[dict] = []

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        taken = self.headers["Authorization"] == "Bearer key-of-the-walk"
        if taken:
            self.received.append(message)
        self.send_response(200 if taken else 401)
        self.end_headers()

    def log_message(self, *arguments) -> None:
        pass
