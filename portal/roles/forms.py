"""What is typed about roles."""

from datetime import date, timedelta
from itertools import groupby

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.access import is_administrator, towns_of
from academy.models import Campus, Department, Role, RoleGrant, Town, Village
from academy.picking.fields import PickPerson
from academy.picking.widgets import PickOne
from academy.role_grants import PLACE_OF, PLACES, GrantOver, locked, roles_granted_by
from academy.text.names import PersonNameField
from academy.text.pasted import plain
from academy.text.phones import PhoneField
from academy.web.concurrent_edits import ConcurrentEdit
from academy.web.error_summary import ErrorSummaryMixin

ANY = pgettext_lazy("filter", "Any")
STATES = (
    ("current", pgettext_lazy("state of a role", "Holds now")),
    ("ending", pgettext_lazy("state of a role", "Ends within 30 days")),
    ("later", pgettext_lazy("state of a role", "Begins later")),
    ("ended", pgettext_lazy("state of a role", "Ended")),
)


class PlainTextField(forms.CharField):
    """Without invisible characters and doubled blanks."""

    def to_python(self, value: str | None) -> str:
        return plain(super().to_python(value))


class FindPersonForm(forms.Form):
    q = PlainTextField(
        label=_("Name or mobile number"),
        max_length=60,
        widget=PickPerson("role-holder", attrs={"data-pick-go": True}),
        help_text=_("The whole number, its last four digits, the name, or its initials."),
        error_messages={"required": _("Write a name or a mobile number.")},
    )


class NewStaffForm(ErrorSummaryMixin, forms.Form):
    """Somebody who stands on no roster and is to be given a role."""

    name = PersonNameField(
        label=pgettext_lazy("of a person", "Name"),
        min_length=2,
        max_length=40,
        error_messages={"required": _("Write the name.")},
    )
    phone = PhoneField(
        label=_("Mobile number"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )


class GrantFilterForm(forms.Form):
    """Narrows the list of roles."""

    q = PlainTextField(label=pgettext_lazy("of a role", "Person"), max_length=60, required=False)
    role = forms.ChoiceField(label=_("role"), required=False)
    place = forms.ChoiceField(
        label=pgettext_lazy("of a role", "Place"), required=False, widget=PickOne("role-place")
    )
    state = forms.ChoiceField(
        label=pgettext_lazy("of a role", "Time"), required=False, choices=STATES
    )

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = _("Name, initials, last digits")
        self.fields["role"].choices = [
            ("", ANY),
            *((role, role.label) for role in roles_granted_by(user)),
        ]
        towns = Town.objects.filter(ended_on__isnull=True)
        if is_administrator(user):
            places = [
                *((f"town:{town.code}", town.name) for town in towns),
                *(
                    (f"campus:{campus.code}", campus.name)
                    for campus in Campus.objects.filter(ended_on__isnull=True).order_by("code")
                ),
                *(
                    (f"department:{department.code}", department.name)
                    for department in Department.objects.order_by("code")
                ),
                ("district", pgettext_lazy("place of a role", "Whole district")),
            ]
        else:
            places = [
                (f"town:{town.code}", town.name) for town in towns.filter(pk__in=towns_of(user))
            ]
        self.fields["place"].choices = [("", ANY), *places]


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class GrantForm(ErrorSummaryMixin, forms.Form):
    """The place and the days of a role for a person who is chosen already."""

    place = forms.ModelChoiceField(
        Village.objects.none(), label=pgettext_lazy("of a role", "Place")
    )
    valid_from = forms.DateField(label=pgettext_lazy("of a role", "First day"), widget=DayInput())
    valid_to = forms.DateField(
        label=pgettext_lazy("of a role", "Last day"),
        widget=DayInput(),
        required=False,
        help_text=_(
            "Without a last day it holds until somebody ends it. With one, both of you are"
            " reminded 30 days before."
        ),
    )

    def __init__(self, *args, user, role: Role, today: date, **kwargs) -> None:
        super().__init__(*args, initial={"valid_from": today}, **kwargs)
        if role not in PLACE_OF:
            del self.fields["place"]
        else:
            self.fields["place"] = _place_field(user, role, today)
        for field in self.fields.values():
            field.error_messages["required"] = _("Fill in “%(field)s”.") % {"field": field.label}
            field.error_messages["invalid"] = _("Write a day, such as 2027-11-15.")


def _place_field(user, role: Role, today: date) -> forms.ModelChoiceField:
    """The places that the person may give the role for; villages under the name of their town."""
    kind = PLACE_OF[role]
    places = PLACES[kind].objects.order_by("code")
    if kind == "village":
        places = places.current(today).select_related("town").order_by("town__code", "kind", "code")
        if not is_administrator(user):
            places = places.filter(town__in=towns_of(user))
    elif kind in ("campus", "town"):
        places = places.filter(ended_on__isnull=True)
    field = forms.ModelChoiceField(
        places,
        label=pgettext_lazy("of a role", "Place"),
        widget=PickOne(kind, by="key"),
        error_messages={"invalid_choice": _("Choose a place of the list.")},
    )
    if kind == "village":
        field.choices = [
            ("", pgettext_lazy("choice of a place", "Choose")),
            *(
                (town.name, [(village.pk, village.name) for village in villages])
                for town, villages in groupby(places, key=lambda village: village.town)
            ),
        ]
    return field


class _GrantDates(ConcurrentEdit, ErrorSummaryMixin, forms.ModelForm):
    """Moves the last day of a role; two people see each other's change."""

    class Meta:
        model = RoleGrant
        fields = ["valid_to"]
        widgets = {"valid_to": DayInput()}
        error_messages = {"valid_to": {"invalid": _("Write a day, such as 2027-11-15.")}}

    def _post_clean(self) -> None:
        """The rule writes and says what is wrong; the row stays as it is read."""

    def locked_row(self) -> RoleGrant | None:
        try:
            return locked(self.instance)
        except GrantOver:
            return None


class EndForm(_GrantDates):
    at_once = forms.BooleanField(
        label=_("End it at once"),
        required=False,
        help_text=_("For somebody who must not act any more. Otherwise it ends with the last day."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("The person reads it, and it stays in the records."),
        error_messages={"required": _("Say in a few words why the role ends.")},
    )
    not_of_the_row = ("at_once", "reason")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_to"].label = pgettext_lazy("of a role", "Last day")

    def clean(self) -> dict:
        cleaned = super().clean()
        if not (cleaned.get("at_once") or cleaned.get("valid_to") or "valid_to" in self.errors):
            self.add_error(
                "valid_to", _("Choose the last day, or tick that the role ends at once.")
            )
        return cleaned

    def last_day(self, today: date) -> date:
        if self.cleaned_data["at_once"]:
            return today - timedelta(days=1)
        return self.cleaned_data["valid_to"]


class ExtendForm(_GrantDates):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_to"].label = _("New last day")
        self.fields["valid_to"].help_text = _("Empty: until somebody ends it.")
