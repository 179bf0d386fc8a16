"""A person, whom no list may lay open: a name or a number is typed, and whoever is meant is chosen
from the few who are called so. Without JavaScript these stand on the next page.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from ..models import User
from ..text.phones import mobile_in, mobile_number
from .kinds import MOST, Ask, Choice, kinds
from .widgets import pick_attrs

CHOSEN = "#"  # before the key of somebody who was chosen
LONGEST_KEY = 18  # digits


class PickPerson(forms.TextInput):
    """A field for a name or a number, and beside it the key of whoever was chosen for that text:
    `12:周敏华`. Another text makes the choice void.
    """

    def __init__(self, kind: str, attrs=None) -> None:
        super().__init__({"autocomplete": "off", "maxlength": 60} | (attrs or {}))
        self.kind = kind
        self.candidates: list[Choice] = []

    def value_from_datadict(self, data, files, name) -> str | None:
        text = data.get(name)
        key, colon, of = data.get(f"{name}-key", "").partition(":")
        return f"{CHOSEN}{key}:{text}" if colon and of == text else text

    def value_omitted_from_data(self, data, files, name) -> bool:
        return name not in data

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        chosen, text = "", value or ""
        if text.startswith(CHOSEN):
            chosen = text.removeprefix(CHOSEN)
            text = chosen.partition(":")[2]
        attrs = (attrs or {}) | pick_attrs(self.kind) | {"data-pick-key": f"{name}-key"}
        field = super().render(name, text, attrs, renderer)
        return render_to_string(
            "components/pick_person.html",
            {
                "field": field,
                "name": f"{name}-key",
                "chosen": chosen,
                "text": text,
                "candidates": self.candidates,
            },
        )


class PersonPhoneField(forms.CharField):
    """Reads as the mobile number of whoever is meant. A whole number stays what it is, for the rule
    to judge; a name means one of those whom `asker` may choose.
    """

    default_validators = [mobile_number]
    default_error_messages = {
        "nobody": _("Nobody whom you can choose is called so. Try the whole mobile number."),
        "several": _("Several people are called so. Choose whom you mean."),
        "gone": _("Whoever was chosen cannot be chosen any more. Choose again."),
    }
    asker: User | None = None

    def __init__(self, *, kind: str = "person", **kwargs) -> None:
        self.kind = kind
        super().__init__(widget=PickPerson(kind), **kwargs)

    def to_python(self, value: str | None) -> str:
        text = super().to_python(value)
        if text.startswith(CHOSEN):
            return self._number_of(text.removeprefix(CHOSEN).partition(":")[0])
        number = mobile_in(text)
        if not text or number.isdecimal():
            return number
        return self._called(text)

    def _number_of(self, key: str) -> str:
        is_key = key.isascii() and key.isdecimal() and len(key) <= LONGEST_KEY
        person = None
        if is_key and self.asker is not None:
            person = kinds()[self.kind].people(self.asker).filter(pk=int(key)).first()
        if person is None:
            raise ValidationError(self.error_messages["gone"], code="gone")
        return person.phone

    def _called(self, text: str) -> str:
        kind = kinds()[self.kind]
        if self.asker is None or not kind.may_ask(self.asker):
            return text  # the validator asks for a whole number
        found = kind.choices(self.asker, Ask(text))
        if not found:
            raise ValidationError(self.error_messages["nobody"], code="nobody")
        if len(found) > 1:
            self.widget.candidates = found[:MOST]
            raise ValidationError(self.error_messages["several"], code="several")
        return self._number_of(str(found[0].key))
