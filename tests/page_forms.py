"""The forms of a page as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = (
    "text",
    "search",
    "tel",
    "email",
    "url",
    "password",
    "number",
    "date",
    "time",
    "datetime-local",
)


@dataclass
class Form:
    """One form: where it is sent, its fields as they stand, and its buttons.

    `typed` names the kind of each field that one types into, `choices` what one may choose.
    """

    action: str = ""
    method: str = "get"
    fields: list[tuple[str, str]] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def sent(self) -> dict[str, list[str]]:
        """What is sent when nothing is changed."""
        sent: dict[str, list[str]] = {}
        for name, value in self.fields:
            sent.setdefault(name, []).append(value)
        return sent


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._outside = Form()
        self._text = self._select = None

    @property
    def _form(self) -> Form:
        return self.forms[-1] if self.forms else self._outside

    @property
    def _fields(self) -> list[tuple[str, str]]:
        return self._form.fields

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = {name: value or "" for name, value in attrs}
        name, kind = given.get("name"), given.get("type", "text")
        if tag == "input" and kind in ("checkbox", "radio") and name:
            self._form.choices.setdefault(name, []).append(given.get("value", "on"))
        elif tag == "option" and self._select and given.get("value"):
            self._form.choices.setdefault(self._select[0], []).append(given["value"])
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        elif name and (tag == "button" or kind == "submit") and tag in ("button", "input"):
            self._form.buttons.append((name, given.get("value", "")))
        elif (
            tag == "input"
            and name
            and kind not in ("submit", "file")
            and (kind not in ("checkbox", "radio") or "checked" in given)
        ):
            self._fields.append((name, given.get("value", "on" if kind == "checkbox" else "")))
            if kind in TYPED:
                self._form.typed[name] = kind
        elif tag == "textarea":
            self._text = (name, [])
            self._form.typed[name] = "text"
        elif tag == "select":
            self._select = [name, None, "multiple" in given]
        elif (
            tag == "option"
            and self._select
            and ("selected" in given or (self._select[1] is None and not self._select[2]))
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


def forms_of(page: str) -> list[Form]:
    reader = _Forms()
    reader.feed(page)
    return reader.forms


def filled_form(page: str, *, holding: str) -> dict[str, list[str]]:
    """The fields of the one form that has the field `holding`, as they would be sent untouched."""
    (found,) = [
        form for form in forms_of(page) if any(name == holding for name, _value in form.fields)
    ]
    return found.sent
