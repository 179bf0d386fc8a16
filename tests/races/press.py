"""The forms of a page, as somebody sees them who presses a button without changing anything."""

from html.parser import HTMLParser


class Forms(HTMLParser):
    """Each form as (addresses of its buttons, fields)."""

    def __init__(self, page: str, path: str) -> None:
        super().__init__()
        self.path = path  # where a form without an address goes
        self.found: list[tuple[list[str], dict[str, str]]] = []
        self._action = ""
        self._textarea = self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._action = given.get("action") or self.path
            self.found.append(([self._action], {}))
        if not self.found:
            return
        addresses, fields = self.found[-1]
        name = given.get("name", "")
        if tag == "button" and "formaction" in given:
            addresses.append(given["formaction"])
        elif tag == "button" and name and "disabled" not in given:
            fields.setdefault(name, given.get("value", ""))
        elif tag == "input" and name and given.get("type") not in ("checkbox", "radio", "file"):
            fields[name] = given.get("value", "")
        elif tag == "input" and name and "checked" in given:
            fields[name] = given.get("value", "on")
        elif tag == "textarea":
            self._textarea = name
            fields[name] = ""
        elif tag == "select":
            self._select = name
        elif (
            tag == "option" and self._select and (self._select not in fields or "selected" in given)
        ):
            fields[self._select] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.found[-1][1][self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = ""
        elif tag == "select":
            self._select = ""


def form_to(page: str, part: str, path: str) -> tuple[str, dict[str, str]] | None:
    """The address with `part` in it and the fields that go there; None when no form does."""
    for addresses, fields in Forms(page, path).found:
        for address in addresses:
            if part in address:
                return address, fields
    return None
