"""What narrows the pages of coverage, and what a trial of quotas is made with."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.forms.utils import ErrorList
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.models import Town
from courses.models import Track, TrainingClass

from .quota_trial import TownTrial
from .reach import Axis

GAPS, NEVER, EVERY = "gaps", "never", "all"
FIRST_DAY = date(2000, 1, 1)
MOST_SEATS = 9999  # of one street-town


class DayForm(forms.Form):
    """The day that the twelve months end with: today or one of the past."""

    day = forms.DateField(
        label=_("Twelve months up to"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[MinValueValidator(FIRST_DAY)],
    )

    def __init__(self, data: Any, *, today: date) -> None:
        data = data.copy()
        if not data.get("day"):
            data["day"] = today.isoformat()
        super().__init__(data)
        self.today = today

    def clean_day(self) -> date:
        """A day still to come has nothing to tell."""
        day = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(_("Choose today or an earlier day."))
        return day

    @property
    def as_of(self) -> date:
        """The day asked for; today while what was typed is no day."""
        return self.cleaned_data.get("day", self.today) if self.is_valid() else self.today


class VillageForm(DayForm):
    """At first the villages that nobody came from in one track or stage at least."""

    show = forms.ChoiceField(
        label=_("Villages shown"),
        choices=[
            (GAPS, pgettext_lazy("villages", "Not yet reached")),
            (NEVER, _("Nobody came at all")),
            (EVERY, _("All villages")),
        ],
    )
    term = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)

    field_order = ("show", "term", "day")

    def __init__(self, data: Any, *, today: date, axis: Axis) -> None:
        data = data.copy()
        if not data.get("show"):
            data["show"] = GAPS
        super().__init__(data, today=today)
        is_track = axis.name == "track"
        self.fields["term"].label = (
            pgettext_lazy("of courses", "Track") if is_track else _("Growth stage")
        )
        self.fields["term"].choices = [
            ("", pgettext_lazy("filter", "Any")),
            *((key, words) for key, words in zip(axis.keys, names_of(axis), strict=True)),
        ]


def names_of(axis: Axis) -> list[str]:
    """The words of the columns, in the order of the keys."""
    return [*(term.name for term in axis.terms), *([_("No stage yet")] if axis.has_unknown else [])]


class TrialForm(forms.Form):
    """A class or none, a track, and the seats that each street-town would have.

    What is wrong stands at its field; whatever else is right is used.
    """

    training_class = forms.ChoiceField(label=_("Training class"), required=False)
    track = forms.TypedChoiceField(label=pgettext_lazy("of courses", "Track"), coerce=int)

    def __init__(
        self,
        data: Any,
        *,
        classes: Sequence[TrainingClass],
        tracks: Sequence[Track],
        towns: Sequence[Town],
    ) -> None:
        data = data.copy()
        if not data.get("track") and tracks:
            data["track"] = str(tracks[0].pk)
        super().__init__(data)
        self.classes = {item.code: item for item in classes}
        self.tracks = {track.pk: track for track in tracks}
        self.fields["training_class"].choices = [
            ("", _("No class: only a thought")),
            *((item.code, f"{item.title} ({item.code})") for item in classes),
        ]
        self.fields["track"].choices = [(track.pk, track.name) for track in tracks]
        for town in towns:
            self.fields[f"seats-{town.code}"] = forms.IntegerField(
                label=_("Seats then: %(town)s") % {"town": town.name},
                required=False,
                min_value=0,
                max_value=MOST_SEATS,
            )

    @property
    def chosen(self) -> list[forms.BoundField]:
        """What the trial is about; the seats stand in its table."""
        return [self["training_class"], self["track"]]

    @cached_property
    def asked_class(self) -> TrainingClass | None:
        """The class of the trial, if there is one that the list offers."""
        self.is_valid()
        return self.classes.get(self.cleaned_data.get("training_class", ""))

    @cached_property
    def asked_track(self) -> Track | None:
        """The track of the trial; none only where the address names one that does not exist."""
        self.is_valid()
        return self.tracks.get(self.cleaned_data.get("track"))

    def seats_or_as_now(self, row: TownTrial) -> int:
        """What was typed for the town; what it has now where that is no number of seats."""
        self.is_valid()
        typed = self.cleaned_data.get(f"seats-{row.town.code}")
        return row.seats_now if typed is None else typed

    def refusal(self, town: Town) -> str:
        """What is wrong with what was typed for the town, in a sentence."""
        self.is_valid()
        return " ".join(self.errors.get(f"seats-{town.code}", ErrorList()))
