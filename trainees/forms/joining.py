"""What somebody types who joins with a light account: the least that a class needs."""

import re
from datetime import date
from functools import lru_cache

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.models import LearnerGroup, Village
from academy.people_keys import keys_of_text
from academy.picking.widgets import PickListed, spellings_of
from academy.text.names import PersonNameField
from academy.text.pasted import plain
from academy.text.phones import PhoneField
from academy.web.error_summary import ErrorSummaryMixin


class OneOfField(forms.ModelChoiceField):
    """A row to choose.

    A key that no database could hold is no choice, rather than an error of the database.
    """

    def to_python(self, value):
        if value and len(str(value)) > 18:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice"
            )
        return super().to_python(value)


UNIT = re.compile(r"(?:居|村)(?:民)?委(?:会|员会)$")  # how the names of villages end


class VillageField(forms.ChoiceField):
    """One of the villages in being, by its code, in the order of the towns. Cleans to the village.

    A plain list that works everywhere; `static/js/pick.js` makes it one to type into, in Chinese,
    pinyin or initials. The list holds names only, so nothing is asked of the server.
    """

    widget = PickListed
    default_error_messages = {
        "required": _("Choose your village."),
        "invalid_choice": _("Choose your village from the list; the one sent is not in use."),
    }

    def offer(self, today: date) -> None:
        """Read the villages of the day; one query."""
        self.known: dict[str, Village] = {}
        towns: dict[str, list] = {}
        for village in (
            Village.objects.current(today)
            .select_related("town")
            .order_by("town__code", "kind", "code")
        ):
            self.known[village.code] = village
            towns.setdefault(village.town.name, []).append((village.code, village.name))
        self.choices = [("", pgettext_lazy("of a village", "Choose one")), *towns.items()]
        if isinstance(self.widget, PickListed):
            self.widget.spellings = {
                code: f"{spellings_of(UNIT.sub('', village.name))} {_of_town(village.town.name)}"
                for code, village in self.known.items()
            }

    def clean(self, value) -> Village | None:
        return self.known.get(super().clean(value))


@lru_cache(maxsize=64)
def _of_town(name: str) -> str:
    """The spellings and the initials of a whole street-town; not those from a later character on,
    or every village would weigh as much as its town.
    """
    whole = keys_of_text(name) - keys_of_text(name[1:])
    return " ".join(sorted(key for key in whole if key.isascii()))


class JoinForm(ErrorSummaryMixin, forms.Form):
    """The first step: who, how to reach, from where, as what."""

    name = PersonNameField(
        label=pgettext_lazy("of a person", "Name"),
        min_length=2,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": _("Write your name."),
            "min_length": _("Write your whole name."),
        },
    )
    phone = PhoneField()
    village = VillageField(label=pgettext_lazy("of a person", "Your village"))
    group = OneOfField(
        label=_("You are"),
        queryset=LearnerGroup.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what fits you best."),
            "invalid_choice": _("Choose what fits you best."),
        },
    )

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].offer(today)
        self.fields["group"].queryset = LearnerGroup.objects.filter(active=True)


class CodeForm(forms.Form):
    """The second step: the six digits of the text message."""

    code = forms.CharField(
        label=_("Code from the text message"),
        max_length=20,
        error_messages={"required": _("Write the six digits of the text message.")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
        ),
    )

    def clean_code(self) -> str:
        return plain(self.cleaned_data["code"]).replace(" ", "")
