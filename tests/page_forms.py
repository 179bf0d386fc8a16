"""The form of a page as a browser would send it."""

from html.parser import HTMLParser


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[list[tuple[str, str]]] = []
        self._outside: list[tuple[str, str]] = []
        self._text = self._select = None

    @property
    def _fields(self) -> list[tuple[str, str]]:
        return self.forms[-1] if self.forms else self._outside

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = {name: value or "" for name, value in attrs}
        name, kind = given.get("name"), given.get("type", "text")
        if tag == "form":
            self.forms.append([])
        elif (
            tag == "input"
            and name
            and kind not in ("submit", "file")
            and (kind not in ("checkbox", "radio") or "checked" in given)
        ):
            self._fields.append((name, given.get("value", "on" if kind == "checkbox" else "")))
        elif tag == "textarea":
            self._text = (name, [])
        elif tag == "select":
            self._select = [name, None, "multiple" in given]
        elif (
            tag == "option"
            and self._select
            and ("selected" in given or self._select[1] is None and not self._select[2])
        ):
            if "selected" in given and self._select[2]:
                self._fields.append((name or self._select[0], given.get("value", "")))
            self._select[1] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._text:
            self._text[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._fields.append((self._text[0], "".join(self._text[1]).removeprefix("\n")))
            self._text = None
        elif tag == "select":
            name, value, is_multiple = self._select
            if not is_multiple and value is not None:
                self._fields.append((name, value))
            self._select = None


def filled_form(page: str, *, holding: str) -> dict[str, list[str]]:
    """The fields of the one form that has the field `holding`, as they would be sent untouched."""
    reader = _Forms()
    reader.feed(page)
    (found,) = [form for form in reader.forms if any(name == holding for name, _value in form)]
    sent: dict[str, list[str]] = {}
    for name, value in found:
        sent.setdefault(name, []).append(value)
    return sent
