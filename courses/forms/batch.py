"""What staff type to plan many classes at once: the common part, then a row for each class to keep,
move or take out.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django import forms
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.access import campuses_of, departments_of, is_office
from academy.models import Campus, CampusKind, Department, Position, Venue
from academy.picking.widgets import PickOne, PickSome
from academy.web.error_summary import ErrorSummaryMixin

from ..models import Course, Expert, TrainingClass
from ..schedule.bulk_scheduling import MOST_CLASSES, MOST_WEEKS, Round, Sitting
from ..schedule.holidays import warning_for
from ..schedule.season import Season
from ..schedule.season_board import campus_label
from .fields import MOST_SEATS, MomentField, in_reach, name_required
from .lesson_rows import _one_of

USUAL_START, USUAL_END = "13:30", "15:55"
BOOKING_CLOSES_DAYS_BEFORE = 3
MOST_DAYS_MOVED = 60


def campuses_to_schedule(user):
    """Sites a person may plan classes at: the own ones; a department brings its classes to any; the
    office plans for all.
    """
    campuses = Campus.objects.filter(ended_on__isnull=True).select_related("town").order_by("code")
    return (
        campuses
        if is_office(user) or departments_of(user)
        else campuses.filter(pk__in=campuses_of(user))
    )


class RoundForm(ErrorSummaryMixin, forms.Form):
    """One course, the sites, the weeks, and what is common to all the classes."""

    course = forms.TypedChoiceField(label=_("Course"), widget=PickOne("course"))
    title = forms.CharField(
        label=_("Name of the classes"),
        max_length=60,
        required=False,
        help_text=_("Empty: as the course is called. Site and number are added."),
    )
    campuses = forms.ModelMultipleChoiceField(
        label=_("Sites"),
        queryset=Campus.objects.none(),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
    )
    department = forms.ModelChoiceField(
        label=_("Department"),
        queryset=Department.objects.none(),
        widget=PickOne("department", by="key"),
        required=False,
        empty_label=pgettext_lazy("empty choice", "None"),
    )
    first_day = forms.DateField(
        label=_("First day"),
        validators=[in_reach],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    weeks = forms.IntegerField(
        label=_("Weeks"),
        min_value=1,
        max_value=MOST_WEEKS,
        initial=8,
        help_text=_("One class a week at every site, always on the same weekday."),
    )
    starts = forms.TimeField(
        label=pgettext_lazy("of a lesson", "From"),
        initial=USUAL_START,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    ends = forms.TimeField(
        label=pgettext_lazy("of a lesson", "To"),
        initial=USUAL_END,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    capacity = forms.IntegerField(
        label=_("Seats"),
        min_value=1,
        max_value=MOST_SEATS,
        initial=30,
        help_text=_("The smallest room that holds them is proposed."),
    )
    experts = forms.TypedMultipleChoiceField(
        label=_("Lecturers"),
        required=False,
        widget=PickSome("expert", attrs={"size": 6}),
        help_text=_("They take turns; who is in another lesson is passed over."),
    )
    audiences = forms.ModelMultipleChoiceField(
        label=_("for whom"),
        queryset=Position.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody ticked: open to all posts."),
    )
    booking_opens_at = MomentField(label=_("Booking opens at"))
    closes_days_before = forms.IntegerField(
        label=_("Booking closes, days before"),
        min_value=0,
        max_value=60,
        initial=BOOKING_CLOSES_DAYS_BEFORE,
        help_text=_("At 17:00 of that day."),
    )
    has_waiting_list = forms.BooleanField(
        label=_("waiting list when full"), required=False, initial=True
    )

    def __init__(self, *args, user, season: Season, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        courses = {item.code: item for item in Course.objects.published()}
        self.known_experts = {item.code: item for item in Expert.objects.all()}
        self.fields["course"].choices = [
            ("", pgettext_lazy("of a lesson", "Choose a course")),
            *((code, f"{code} {item.title}") for code, item in courses.items()),
        ]
        self.fields["course"].coerce = _one_of(courses)
        self.fields["experts"].choices = [
            (code, f"{item.name} {item.category} {item.specialities}")
            for code, item in self.known_experts.items()
        ]
        self.fields["experts"].coerce = _one_of(self.known_experts)
        self.fields["campuses"].queryset = campuses_to_schedule(user)
        self.fields["campuses"].initial = self._salons()
        self.fields["audiences"].queryset = Position.objects.filter(active=True)
        departments = Department.objects.filter(ended_on__isnull=True)
        self.fields["department"].queryset = (
            departments if is_office(user) else departments.filter(pk__in=departments_of(user))
        )
        if not is_office(user) and departments_of(user) and not campuses_of(user):
            self.fields["department"].required = True
            self.fields["department"].empty_label = pgettext_lazy("empty choice", "Choose one")
        if not is_office(user) and not departments_of(user):
            del self.fields["department"]
        now = timezone.localtime()
        self.fields["first_day"].initial = first_day_of(season, timezone.localdate())
        self.fields["booking_opens_at"].initial = (now + timedelta(days=1)).replace(
            hour=9, minute=0, second=0, microsecond=0
        )
        for name in ("starts", "ends"):
            self.fields[name].error_messages["invalid"] = _("Write a time, such as 13:30.")
        self.fields["first_day"].error_messages["invalid"] = _("Write a day, such as 2027-11-15.")
        name_required(self)

    def _salons(self) -> list[str]:
        return [
            campus.code
            for campus in self.fields["campuses"].queryset
            if campus.kind == CampusKind.SALON
        ]

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("starts") and cleaned.get("ends") and cleaned["ends"] <= cleaned["starts"]:
            self.add_error("ends", _("The lesson ends before it starts."))
        campuses = list(cleaned.get("campuses") or ())
        if campuses and cleaned.get("weeks") and len(campuses) * cleaned["weeks"] > MOST_CLASSES:
            self.add_error(
                "weeks",
                _("That is more than %(most)d classes at once. Choose fewer sites or weeks.")
                % {"most": MOST_CLASSES},
            )
        if (
            not is_office(self.user)
            and not cleaned.get("department")
            and any(campus.pk not in campuses_of(self.user) for campus in campuses)
        ):
            self.add_error("campuses", _("Choose a campus that you schedule for."))
        return cleaned

    @property
    def round(self) -> Round:
        cleaned = self.cleaned_data
        names = (
            "course",
            "starts",
            "ends",
            "capacity",
            "booking_opens_at",
            "closes_days_before",
            "title",
            "has_waiting_list",
            "experts",
        )
        return Round(
            **{name: cleaned[name] for name in names},
            audiences=list(cleaned["audiences"]),
            department=cleaned.get("department"),
        )


def first_day_of(season: Season, today: date) -> date:
    """The first Tuesday of the season that is still ahead: Mondays and Fridays are full of
    meetings.
    """
    day = max(season.first_day, today + timedelta(days=7))
    return day + timedelta(days=(1 - day.weekday()) % 7)


# --- Rows of the preview --------------------------------------------------------------------------


class RowForm(forms.Form):
    """A class that may be taken out; then nothing about it is complained of."""

    keep = forms.BooleanField(label=_("Keep"), required=False, initial=True)

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and not self.cleaned_data.get("keep"):
            self._errors = ErrorDict()


class SittingForm(RowForm):
    """One class of the round: kept or not, on which day, in which room, with whom."""

    campus = forms.CharField(widget=forms.HiddenInput)
    number = forms.IntegerField(min_value=1, max_value=MOST_WEEKS, widget=forms.HiddenInput)
    day = forms.DateField(
        label=pgettext_lazy("of a lesson", "Day"),
        validators=[in_reach],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    venue = forms.ChoiceField(label=pgettext_lazy("of a lesson", "Room"), required=False)
    expert = forms.ChoiceField(label=_("Lecturer"), required=False, widget=PickOne("expert"))

    def __init__(
        self,
        *args,
        campuses: Mapping[str, Campus],
        rooms: Mapping[int, Sequence[Venue]],
        experts: Sequence[Expert],
        **kwargs,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.campuses, self.experts = campuses, {item.code: item for item in experts}
        code = str(self["campus"].value() or "")
        self.shown_campus = campuses.get(code)
        self.rooms = {
            item.code: item
            for item in (rooms.get(self.shown_campus.pk, ()) if self.shown_campus else ())
        }
        self.fields["venue"].choices = [
            ("", pgettext_lazy("of a lesson", "Choose a room")),
            *(
                (
                    room.code,
                    _("%(room)s, %(seats)d seats") % {"room": room.name, "seats": room.capacity},
                )
                for room in self.rooms.values()
            ),
        ]
        # the hours are those of the round, which the page carries
        self.fields["expert"].widget.asks = {
            "day": self.add_prefix("day"),
            "starts": "starts",
            "ends": "ends",
        }
        self.fields["expert"].choices = [
            ("", pgettext_lazy("of a lesson", "Not decided")),
            *((item.code, item.name) for item in experts),
        ]
        self.fields["day"].error_messages["invalid"] = _("Write a day, such as 2027-11-15.")
        name_required(self)

    @property
    def campus_name(self) -> str:
        return campus_label(self.shown_campus) if self.shown_campus else ""

    def clean_campus(self) -> Campus:
        if self.shown_campus is None:
            raise forms.ValidationError(_("Choose a campus that you schedule for."))
        return self.shown_campus

    @property
    def sitting(self) -> Sitting:
        cleaned = self.cleaned_data
        return Sitting(
            cleaned["campus"],
            cleaned["day"],
            cleaned["number"],
            self.rooms.get(cleaned["venue"]),
            self.experts.get(cleaned["expert"]),
        )


class MovedForm(RowForm):
    """One class of the last season: kept or not, and by how many days more it moves."""

    code = forms.CharField(widget=forms.HiddenInput)
    days = forms.IntegerField(
        label=_("Days further"),
        min_value=-MOST_DAYS_MOVED,
        max_value=MOST_DAYS_MOVED,
        initial=0,
        required=False,
        help_text=_("Less than 0: earlier."),
    )

    def __init__(self, *args, classes: Mapping[str, TrainingClass], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.classes = classes
        self.training_class = classes.get(str(self["code"].value() or ""))

    def clean_code(self) -> str:
        if self.training_class is None:
            raise forms.ValidationError(_("This class is not in the season that is copied."))
        return self.cleaned_data["code"]

    @property
    def moved_by(self) -> int:
        return self.cleaned_data.get("days") or 0


SittingFormSet = forms.formset_factory(
    SittingForm, extra=0, max_num=MOST_CLASSES, validate_max=True
)
MovedFormSet = forms.formset_factory(MovedForm, extra=0, max_num=MOST_CLASSES, validate_max=True)


class CloneForm(forms.Form):
    """Which classes of which season, and by how many weeks they move."""

    codes = forms.MultipleChoiceField(label=_("Classes"), widget=forms.CheckboxSelectMultiple)
    weeks = forms.IntegerField(
        label=_("Weeks later"), min_value=1, max_value=156, help_text=_("Weekdays and times stay.")
    )

    def __init__(self, *args, classes: Mapping[str, TrainingClass], weeks: int, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["codes"].choices = [(code, item.title) for code, item in classes.items()]
        self.fields["codes"].initial = list(classes)
        self.fields["weeks"].initial = weeks
        name_required(self)


def sitting_rows(sittings: Sequence[Sitting]) -> list[dict]:
    """What the proposed sittings look like as initial rows."""
    return [
        {
            # a class on a public holiday is seldom meant; the preview shows it untaken
            "keep": not warning_for(item.day),
            "campus": item.campus.code,
            "number": item.number,
            "day": item.day,
            "venue": item.venue.code if item.venue else "",
            "expert": item.expert.code if item.expert else "",
        }
        for item in sittings
    ]


def span_of(days: Sequence[date]) -> tuple[datetime, datetime]:
    """From the first of these days to the end of the last."""
    begins, ends = min(days), max(days) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(begins, time.min)), timezone.make_aware(
        datetime.combine(ends, time.min)
    )
