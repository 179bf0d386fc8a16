"""The rows of a class's form: its lessons, and the quotas of towns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.models import Town, Venue
from academy.picking.widgets import PickOne
from academy.web.fields import PlainDecimalField

from ..models import Course, TrainingClass
from ..schedule.class_plans import LessonPlan
from .fields import MOST_LESSONS, MOST_SEATS, in_reach, name_required
from .lesson_teachers import TeacherChoices, TeachersField, asks_of_lesson


@dataclass
class LessonChoices:
    """What a lesson may be made of: read once, shared by all rows of the page."""

    courses: dict[str, Course]
    venues: dict[str, Venue]
    teachers: TeacherChoices

    @classmethod
    def for_class(cls, training_class: TrainingClass | None) -> "LessonChoices":
        courses = Course.objects.published()
        venues = Venue.objects.filter(campus__ended_on__isnull=True, ended_on__isnull=True)
        if training_class is not None:
            venues = (
                venues | Venue.objects.filter(lessons__training_class=training_class)
            ).distinct()
            courses = (
                courses | Course.objects.filter(versions__lessons__training_class=training_class)
            ).distinct()
        return cls(
            courses={item.code: item for item in courses},
            venues={
                item.code: item
                for item in venues.select_related("campus").order_by("campus__code", "code")
            },
            teachers=TeacherChoices(training_class),
        )

    @cached_property
    def course_choices(self) -> list:
        return [
            ("", pgettext_lazy("of a lesson", "Choose a course")),
            *((code, f"{code} {item.title}") for code, item in self.courses.items()),
        ]

    @cached_property
    def venue_choices(self) -> list:
        groups: dict[str, list] = {}
        for code, item in self.venues.items():
            groups.setdefault(item.campus.name, []).append(
                (code, _("%(room)s, %(seats)d seats") % {"room": item.name, "seats": item.capacity})
            )
        return [("", pgettext_lazy("of a lesson", "Choose a room")), *groups.items()]


def _one_of(known: Mapping[str, object]) -> Callable[[str], object]:
    """Code → object, for a choice field, which takes a ValueError for an unknown choice."""

    def look_up(code: str) -> object:
        if code not in known:
            raise ValueError(code)
        return known[code]

    return look_up


class LessonForm(forms.Form):
    """One lesson: what, where, when."""

    pk = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    course = forms.TypedChoiceField(label=_("Course"), empty_value=None, widget=PickOne("course"))
    venue = forms.TypedChoiceField(
        label=pgettext_lazy("of a lesson", "Room"), empty_value=None, widget=PickOne("room")
    )
    day = forms.DateField(
        label=pgettext_lazy("of a lesson", "Day"),
        validators=[in_reach],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    starts = forms.TimeField(
        label=pgettext_lazy("of a lesson", "From"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    ends = forms.TimeField(
        label=pgettext_lazy("of a lesson", "To"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    hours = PlainDecimalField(
        label=_("Study hours"),
        required=False,
        min_value=0,
        max_value=99,
        decimal_places=2,
        help_text=_("Empty: as the course says."),
        widget=forms.NumberInput(attrs={"step": "0.25", "min": "0"}),
    )

    teachers = TeachersField(label=pgettext_lazy("of a lesson", "Teachers"), required=False)
    # stands on the page once it is asked
    hours_agreed = forms.BooleanField(
        label=_("Hours and times are meant like this"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args, choices: LessonChoices, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, options, known in (
            ("course", choices.course_choices, choices.courses),
            ("venue", choices.venue_choices, choices.venues),
        ):
            self.fields[name].choices = options
            self.fields[name].coerce = _one_of(known)
        self.fields["venue"].widget.asks = {
            **asks_of_lesson(self.add_prefix("")),
            "campus": "class-campus",
            "seats": "class-capacity",
        }
        self.fields["teachers"].use(choices.teachers)
        self.fields["day"].error_messages["invalid"] = _("Write a day, such as 2027-11-15.")
        for name in ("starts", "ends"):
            self.fields[name].error_messages["invalid"] = _("Write a time, such as 13:30.")
        name_required(self)

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("starts") and cleaned.get("ends") and cleaned["ends"] <= cleaned["starts"]:
            self.add_error("ends", _("The lesson ends before it starts."))
        return cleaned

    @property
    def plan(self) -> LessonPlan:
        cleaned = self.cleaned_data

        def moment(name: str) -> datetime:
            return timezone.make_aware(datetime.combine(cleaned["day"], cleaned[name]))

        return LessonPlan(
            pk=cleaned["pk"],
            course=cleaned["course"],
            venue=cleaned["venue"],
            starts_at=moment("starts"),
            ends_at=moment("ends"),
            hours=cleaned["hours"],
            teachers=cleaned["teachers"],
            hours_agreed=cleaned["hours_agreed"],
        )

    def ask_whether_hours_are_meant(self) -> None:
        """Show the tick beside the question."""
        self.fields["hours_agreed"].widget = forms.CheckboxInput()


class QuotaForm(forms.Form):
    """Seats kept for one town."""

    town = forms.TypedChoiceField(label=_("Street-town"), empty_value=None, widget=PickOne("town"))
    seats = forms.IntegerField(label=_("Seats"), min_value=0, max_value=MOST_SEATS)

    def __init__(self, *args, towns: dict[str, Town], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town"].choices = [
            ("", pgettext_lazy("of a quota", "Choose a street-town")),
            *((code, town.name) for code, town in towns.items()),
        ]
        self.fields["town"].coerce = _one_of(towns)
        name_required(self)


class RowsFormSet(forms.BaseFormSet):
    """Rows that can be taken out by a tick."""

    def add_fields(self, form, index) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Take this row out")

    @property
    def wanted(self) -> list[forms.Form]:
        """The rows that were filled in and not taken out."""
        return [
            form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]

    def rows_sent(self) -> list[dict[str, str]]:
        """What was sent, row by row, before it is read."""
        return [
            {
                name: (
                    field.widget.value_from_datadict(self.data, self.files, row.add_prefix(name))
                    if isinstance(field, TeachersField)
                    else self.data.get(row.add_prefix(name), "")
                )
                for name, field in row.fields.items()
            }
            for row in self.forms
        ]


LessonFormSet = forms.formset_factory(
    LessonForm,
    formset=RowsFormSet,
    extra=0,
    can_delete=True,
    max_num=MOST_LESSONS,
    validate_max=True,
)
QuotaFormSet = forms.formset_factory(
    QuotaForm, formset=RowsFormSet, extra=0, can_delete=True, max_num=100, validate_max=True
)
