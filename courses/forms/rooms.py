"""What staff ask when they look for a room or an expert."""

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.models import Campus, Venue
from academy.picking.widgets import PickOne

from ..schedule.free_times import USUAL_MINUTES
from .fields import MOST_SEATS, in_reach, name_required

LONGEST_MINUTES = 12 * 60


class RoomForm(forms.Form):
    """A time, and what the room must have."""

    day = forms.DateField(
        label=pgettext_lazy("of a lesson", "Day"),
        validators=[in_reach],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    starts = forms.TimeField(
        label=pgettext_lazy("of a lesson", "From"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=15, max_value=LONGEST_MINUTES, initial=USUAL_MINUTES
    )
    seats = forms.IntegerField(label=_("Seats"), min_value=0, max_value=MOST_SEATS, required=False)
    campus = forms.ModelChoiceField(
        label=_("Campus"),
        queryset=Campus.objects.filter(ended_on__isnull=True),
        to_field_name="code",
        widget=PickOne("campus"),
        required=False,
        empty_label=pgettext_lazy("filter", "Any"),
    )
    topic = forms.ChoiceField(label=_("Practice topic"), required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        topics = (
            Venue.objects.filter(immersive=True, ended_on__isnull=True)
            .exclude(immersive_topic="")
            .order_by("immersive_topic")
        )
        self.fields["topic"].choices = [
            ("", pgettext_lazy("filter", "Any")),
            *((item, item) for item in topics.values_list("immersive_topic", flat=True).distinct()),
        ]
        self.fields["day"].error_messages["invalid"] = _("Write a day, such as 2027-11-15.")
        self.fields["starts"].error_messages["invalid"] = _("Write a time, such as 13:30.")
        name_required(self)

    @property
    def span(self) -> tuple[datetime, datetime]:
        starts_at = timezone.make_aware(
            datetime.combine(self.cleaned_data["day"], self.cleaned_data["starts"])
        )
        return starts_at, starts_at + timedelta(minutes=self.cleaned_data["minutes"])


class ExpertSearchForm(forms.Form):
    """A word of the speciality or name, a category, and a time at which the expert must be free."""

    q = forms.CharField(label=_("Speciality or name"), max_length=60, required=False)
    category = forms.ChoiceField(label=_("category"), required=False)
    day = forms.DateField(
        label=_("Free on"),
        required=False,
        validators=[in_reach],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    starts = forms.TimeField(
        label=pgettext_lazy("of a lesson", "From"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def __init__(self, *args, categories, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [
            ("", pgettext_lazy("filter", "Any")),
            *((item, item) for item in categories),
        ]
        self.fields["day"].error_messages["invalid"] = _("Write a day, such as 2027-11-15.")
        self.fields["starts"].error_messages["invalid"] = _("Write a time, such as 13:30.")

    @property
    def span(self) -> tuple[datetime, datetime] | None:
        """The whole day, or the usual length of a lesson from the time given."""
        day, starts = self.cleaned_data.get("day"), self.cleaned_data.get("starts")
        if not day:
            return None
        begins = timezone.make_aware(datetime.combine(day, starts or datetime.min.time()))
        return begins, begins + (timedelta(minutes=USUAL_MINUTES) if starts else timedelta(days=1))
