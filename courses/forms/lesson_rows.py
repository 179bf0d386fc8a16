"""The rows of a class's form: its lessons, and the quotas of towns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.models import Town, Venue
from academy.picking.widgets import PickOne
from academy.text.numbers import plain
from academy.web.fields import PlainDecimalField

from ..models import Course, TrainingClass
from ..schedule.class_plans import LessonPlan
from ..schedule.hour_conversion import Conversions, Proposal, formats_of
from ..schedule.slots import MOST_GROUPS
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
            courses={item.code: item for item in courses.prefetch_related("formats")},
            venues={
                item.code: item
                for item in venues.select_related("campus").order_by("campus__code", "code")
            },
            teachers=TeacherChoices(training_class),
        )

    @cached_property
    def conversions(self) -> Conversions:
        return Conversions()

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


def _minutes_of(facts: Mapping) -> int | None:
    """The minutes of a lesson less its breaks; None where its time is not known."""
    starts, ends = facts.get("starts"), facts.get("ends")
    if not starts or not ends:
        return None
    clock = (ends.hour - starts.hour) * 60 + ends.minute - starts.minute
    return clock - (facts.get("break_minutes") or 0)


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
    break_minutes = forms.IntegerField(
        label=pgettext_lazy("of a lesson", "Breaks (minutes)"),
        required=False,
        min_value=0,
        max_value=600,
        help_text=_("Inside the time above; empty: none."),
    )
    slot_group = forms.TypedChoiceField(
        label=_("Parallel to"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("nothing: everybody attends")),
            *(
                (number, format_lazy(_("the other slots of lesson group {number}"), number=number))
                for number in range(1, MOST_GROUPS + 1)
            ),
        ],
        help_text=_("Lessons of one group are one lesson held several times; each chooses one."),
    )
    slot_seats = forms.IntegerField(
        label=_("Seats of the slot"),
        required=False,
        min_value=1,
        max_value=MOST_SEATS,
        help_text=_("Empty: as many as the class has."),
    )
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
        if proposal := self._proposed(choices):
            self.fields["hours"].help_text = _(
                "Empty: as the course says. By the timetable: %(hours)s (%(rule)s)."
            ) % {"hours": plain(proposal.hours), "rule": escape(proposal.rule.name)}

    def _proposed(self, choices: LessonChoices) -> Proposal | None:
        """What the timetable of the row comes to, as it was sent or as it stands."""
        facts = {}
        for name in ("course", "day", "starts", "ends", "break_minutes"):
            try:
                facts[name] = self.fields[name].clean(self[name].value())
            except forms.ValidationError:
                return None
        minutes = _minutes_of(facts)
        if minutes is None:
            return None
        return choices.conversions.propose(
            minutes=minutes, formats=formats_of(facts["course"]), day=facts["day"]
        )

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("starts") and cleaned.get("ends") and cleaned["ends"] <= cleaned["starts"]:
            self.add_error("ends", _("The lesson ends before it starts."))
        elif (minutes := _minutes_of(cleaned)) is not None and minutes <= 0:
            self.add_error("break_minutes", _("The breaks are as long as the lesson."))
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
            break_minutes=cleaned["break_minutes"] or 0,
            slot_group=cleaned["slot_group"],
            slot_seats=cleaned["slot_seats"],
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
