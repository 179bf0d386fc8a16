"""What is typed about people: filters of the list, a new person, corrections, posts, numbers."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.access import is_office, towns_of, villages_of
from academy.models import GrowthStage, Position, Role, Town, User, Village
from academy.picking.widgets import PickOne
from academy.search.index import MAX_QUERY_LENGTH
from academy.text.names import PersonNameField
from academy.text.pasted import plain
from academy.text.phones import PhoneField
from academy.web.concurrent_edits import ConcurrentEdit
from academy.web.error_summary import ErrorSummaryMixin

from ..models import Gender, Trainee
from ..people.finding import NO_STAGE, PersonFilters, PersonStatus
from ..people.people_export import COLUMNS
from .joining import OneOfField, VillageField

BORN_IN = re.compile(r"((?:19|20)[0-9]{2})\D{1,2}(1[0-2]|0?[1-9])\D?")


class MonthField(forms.CharField):
    """A year and a month, written in any usual way; cleans to 1981-05."""

    def to_python(self, value: str | None) -> str:
        typed = plain(super().to_python(value))
        found = BORN_IN.fullmatch(typed)
        return f"{found[1]}-{int(found[2]):02}" if found else typed

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not BORN_IN.fullmatch(value):
            raise ValidationError(_("Write year and month, for example 1981-05."))


class PeopleFilterForm(forms.Form):
    """The filters of the list; a value that does not exist makes the form invalid."""

    q = forms.CharField(
        label=_("Name, pinyin, end of the number, unit"),
        required=False,
        max_length=MAX_QUERY_LENGTH,
    )
    town = forms.ChoiceField(label=_("Street-town"), required=False)
    village = forms.ChoiceField(
        label=pgettext_lazy("unit", "Village"), required=False, widget=PickOne("village")
    )
    position = forms.ChoiceField(label=pgettext_lazy("of a person", "Post"), required=False)
    stage = forms.ChoiceField(label=_("Growth stage"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)
    status = forms.ChoiceField(label=pgettext_lazy("of a person", "State"), required=False)

    def __init__(self, data, *, user) -> None:
        super().__init__(data)
        self.towns, self.villages = places(user, data.get("town", ""))
        self.positions = {str(item.pk): item for item in Position.objects.all()}
        stages = [(str(item.pk), item.name) for item in GrowthStage.objects.all()]
        choices = {
            "town": [(code, town.name) for code, town in self.towns.items()],
            "village": [(code, village.name) for code, village in self.villages.items()],
            "position": [(key, item.name) for key, item in self.positions.items()],
            "stage": [*stages, (NO_STAGE, _("No stage yet"))],
            "role": Role.choices,
            "status": [
                choice
                for choice in PersonStatus.choices
                if choice[0] not in (PersonStatus.LIGHT, PersonStatus.STAFF) or is_office(user)
            ],
        }
        for name, offered in choices.items():
            if name in ("town", "village") and not offered:
                del self.fields[name]
            else:
                self.fields[name].choices = [("", pgettext_lazy("in a filter", "All")), *offered]

    @property
    def filters(self) -> PersonFilters:
        typed = self.cleaned_data
        return PersonFilters(
            query=typed["q"].strip(),
            town=self.towns.get(typed.get("town")),
            village=self.villages.get(typed.get("village")),
            position=self.positions.get(typed["position"]),
            stage=typed["stage"],
            role=typed["role"],
            status=typed["status"],
        )


def places(user, town_code: str) -> tuple[dict[str, Town], dict[str, Village]]:
    """The street-towns to choose from, and the villages of the one that is chosen; whoever works
    for one only has its villages at once, and a coordinator those of their own.
    """
    everywhere = is_office(user)
    if everywhere:
        towns = {town.code: town for town in Town.objects.order_by("code")}
    else:
        towns = {town.code: town for town in Town.objects.filter(pk__in=towns_of(user))}
    chosen = towns.get(town_code) or (next(iter(towns.values())) if len(towns) == 1 else None)
    villages = Village.objects.none()
    if chosen:
        villages = Village.objects.filter(town=chosen)
    elif not towns:
        villages = Village.objects.filter(pk__in=villages_of(user))
    found = {village.code: village for village in villages.order_by("code")}
    return towns if everywhere or len(towns) > 1 else {}, found if len(found) > 1 else {}


class PostForm(ErrorSummaryMixin, forms.Form):
    """A unit, a post and its first day."""

    village = VillageField(label=pgettext_lazy("of a person", "Unit"), widget=PickOne("village"))
    position = OneOfField(
        label=pgettext_lazy("of a person", "Post"),
        queryset=Position.objects.none(),
        error_messages={"required": _("Choose the post.")},
    )
    on = forms.DateField(
        label=pgettext_lazy("of a post", "First day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("Choose the first day.")},
    )

    def __init__(self, data=None, *, user, **more) -> None:
        today = timezone.localdate()
        more["initial"] = {"on": today} | more.get("initial", {})
        super().__init__(data, **more)
        self.fields["village"].offer(today)
        self.fields["position"].queryset = Position.objects.filter(active=True)
        self.user = user

    def refuse_elsewhere(self) -> None:
        """Street-towns put people on file in their own villages only."""
        village = self.cleaned_data.get("village")
        if village and not is_office(self.user) and village.town_id not in towns_of(self.user):
            self.add_error(
                "village",
                _("Your street-town has no say there. Ask the academy office or that street-town."),
            )


class AddPersonForm(PostForm):
    """Somebody new: name, number, first post, stage."""

    name = PersonNameField(
        label=pgettext_lazy("of a person", "Name"),
        min_length=2,
        max_length=40,
        error_messages={"required": _("Write the name.")},
    )
    phone = PhoneField(widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}))
    stage = OneOfField(label=_("Growth stage"), queryset=GrowthStage.objects.none(), required=False)
    field_order = ["name", "phone", "village", "position", "on", "stage"]

    def __init__(self, data=None, **more) -> None:
        super().__init__(data, **more)
        self.fields["stage"].queryset = GrowthStage.objects.filter(active=True)

    def clean(self) -> dict:
        self.refuse_elsewhere()
        return self.cleaned_data


class AddPostForm(PostForm):
    def clean(self) -> dict:
        self.refuse_elsewhere()
        return self.cleaned_data


class EndPostForm(ErrorSummaryMixin, forms.Form):
    """The last day of a post, why, and what becomes of the seats ahead."""

    on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("Choose the last day.")},
    )
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)
    seats = forms.ChoiceField(
        label=_("What becomes of the bookings ahead"),
        choices=[
            ("keep", _("They stay: the person may still come")),
            ("give_up", _("They end: the seats go to whoever waits, and the person is told")),
        ],
        widget=forms.RadioSelect,
        initial="keep",
    )

    def __init__(self, data=None, *, asks_about_seats: bool) -> None:
        super().__init__(data, initial={"on": timezone.localdate()})
        if not asks_about_seats:
            del self.fields["seats"]


class CorrectForm(ConcurrentEdit, ErrorSummaryMixin, forms.ModelForm):
    """Name, and gender and month of birth of whoever has a training profile."""

    name = PersonNameField(
        label=pgettext_lazy("of a person", "Name"),
        min_length=2,
        max_length=40,
        error_messages={"required": _("Write the name.")},
    )
    gender = forms.ChoiceField(
        label=_("Gender"),
        choices=[("", pgettext_lazy("value of a field", "Not on file")), *Gender.choices],
        required=False,
    )
    born_in = MonthField(
        label=_("Year and month of birth"),
        max_length=12,
        required=False,
        help_text=_("For example 1981-05. Official forms of secondments ask for it."),
    )

    class Meta:
        model = User
        fields = ["name"]

    def __init__(self, *args, instance: User, **more) -> None:
        trainee = Trainee.objects.filter(user=instance.pk).first()
        if trainee is not None:
            more["initial"] = {"gender": trainee.gender, "born_in": trainee.born_in}
        super().__init__(*args, instance=instance, **more)
        if trainee is None:
            del self.fields["gender"], self.fields["born_in"]

    def who_changed(self, row: User) -> str:
        last = row.changes.select_related("by").first()
        return last.by.name if last and last.by else ""


class PhoneForm(forms.Form):
    """The new number, and why the office vouches for it."""

    phone = PhoneField(
        label=_("New mobile number"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("How you know that it is this person's"),
        max_length=200,
        required=False,
        help_text=_("Only needed without a code: for example “came to the office with the card”."),
    )

    def __init__(self, data=None, *, vouches: bool) -> None:
        super().__init__(data)
        if not vouches:
            del self.fields["reason"]


class SuspendForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        error_messages={"required": _("Say in a few words why the account is suspended.")},
    )


class StagesForm(forms.Form):
    """The stage for those who were ticked."""

    stage = OneOfField(
        label=_("Growth stage"),
        queryset=GrowthStage.objects.none(),
        error_messages={"required": _("Choose the stage.")},
    )
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)

    def __init__(self, data=None) -> None:
        super().__init__(data)
        self.fields["stage"].queryset = GrowthStage.objects.filter(active=True)


def column_choices() -> list[tuple[str, str]]:
    """(name, words) of every column of the workbook."""
    return [(name, str(column.heading)) for name, column in COLUMNS.items()]
