"""What staff type about a class: its facts, its lessons row by row, the quotas of towns.

Works without JavaScript.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django import forms
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from academy.access import campuses_of, departments_of, is_office
from academy.models import Campus, Department, Position, Town, Venue
from academy.web.concurrent_edits import ConcurrentEdit, Value, again, in_words, sent
from academy.web.error_summary import SummaryLine, error_summary_of
from academy.web.fields import PlainDecimalField

from ..models import ClassStatus, Course, Expert, TrainingClass
from ..schedule.class_plans import ClassPlan, LessonPlan, SchedulingRefused

FIRST_YEAR, LAST_YEAR = 2020, 2100  # of anything on the calendar
MOST_LESSONS, MOST_SEATS = 60, 5000
LONGEST_KEY = 18  # digits of a row's key
MOMENT_FORMAT = "%Y-%m-%dT%H:%M"
REQUIRED = _("Fill in “%(field)s”.")
# how long booking of a class without a date would be open: nobody sees it, and it is asked for with
# the date
UNDATED_DAYS = 90


def in_reach(moment) -> None:
    """Raise ValidationError for a day outside the years that can be planned."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise forms.ValidationError(
            _("Choose a day between %(first)d and %(last)d.")
            % {
                "first": FIRST_YEAR,
                "last": LAST_YEAR,
            }
        )


class MomentField(forms.DateTimeField):
    """A day and a time of Shanghai."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT_FORMAT)
    default_validators = [in_reach]
    default_error_messages = {"invalid": _("Write a day and a time, such as 2027-11-15 17:00.")}


class TicksField(forms.ModelMultipleChoiceField):
    """Rows to tick.

    A key that no database could hold is no choice, rather than an error of the database.
    """

    def _check_values(self, value):
        if any(len(str(key)) > LONGEST_KEY for key in value):
            raise forms.ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": str(value[0])[:LONGEST_KEY]},
            )
        return super()._check_values(value)


def _name_required(form: forms.BaseForm) -> None:
    for field in form.fields.values():
        field.error_messages["required"] = REQUIRED % {"field": field.label}


# --- The class ------------------------------------------------------------------------------------


class ClassForm(ConcurrentEdit, forms.ModelForm):
    """The facts of a class.

    A campus and a department schedule for themselves, the office for everybody.
    """

    booking_opens_at = MomentField(label=_("Booking opens at"), required=False)
    booking_closes_at = MomentField(
        label=_("Booking closes at"),
        required=False,
        help_text=_("A class announced without a date needs neither yet."),
    )
    cancel_until = MomentField(
        label=_("May be cancelled until"),
        required=False,
        help_text=_("Empty: as long as booking is open."),
    )
    capacity = forms.IntegerField(
        label=_("Seats"),
        min_value=1,
        max_value=MOST_SEATS,
        help_text=_("Not more than the smallest room holds."),
    )

    class Meta:
        model = TrainingClass
        fields = [
            "title",
            "code",
            "programme",
            "campus",
            "department",
            "audiences",
            "capacity",
            "has_waiting_list",
            "booking_opens_at",
            "booking_closes_at",
            "cancel_until",
            "gauges_interest",
        ]
        field_classes = {"audiences": TicksField}
        widgets = {"audiences": forms.CheckboxSelectMultiple}
        help_texts = {
            "code": _("Leave it empty and the class gets the next number of its season."),
            "audiences": _("Nobody ticked: open to all posts."),
            "department": _("When a department gives the class."),
            "gauges_interest": _(
                "Everybody sees the draft and may say that they would come; they book first once it"
                " has a date and opens."
            ),
        }

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["code"].required = False
        self.fields["audiences"].queryset = Position.objects.filter(active=True)
        self.fields["campus"].queryset = Campus.objects.filter(ended_on__isnull=True)
        if self.instance.pk:
            del self.fields["code"]
        if self.instance.status != ClassStatus.DRAFT:
            del self.fields["gauges_interest"]
        if self.instance.gauges_interest and self.instance.starts_at is None:
            self.initial |= {"booking_opens_at": None, "booking_closes_at": None}
        if not is_office(user):
            departments = departments_of(user) | ({self.instance.department_id} - {None})
            self.fields["department"].queryset = Department.objects.filter(pk__in=departments)
            if not departments_of(user):
                own = campuses_of(user) | ({self.instance.campus_id} - {None})
                self.fields["campus"].queryset = Campus.objects.filter(pk__in=own)
            elif not campuses_of(user):
                self.fields["department"].required = True
        self.fields["department"].empty_label = self.fields["programme"].empty_label = (
            pgettext_lazy("empty choice", "None")
        )
        for name in ("campus", "department"):
            field = self.fields[name]
            if field.required and field.queryset.count() == 1:
                field.empty_label = None
            elif field.required:
                field.empty_label = pgettext_lazy("empty choice", "Choose one")
        _name_required(self)

    def clean(self) -> dict:
        cleaned = super().clean()
        self._complete_window(cleaned)
        opens, closes = cleaned.get("booking_opens_at"), cleaned.get("booking_closes_at")
        if opens and closes and closes <= opens:
            self.add_error("booking_closes_at", _("Booking closes before it opens."))
        campus, department = cleaned.get("campus"), cleaned.get("department")
        own = (
            is_office(self.user)
            or (campus and campus.pk in campuses_of(self.user))
            or (department and department.pk in departments_of(self.user))
        )
        if campus and not own:
            self.add_error("campus", _("Choose a campus that you schedule for."))
        return cleaned

    def _complete_window(self, cleaned: dict) -> None:
        """The booking window is asked for with the date; until then one stands in for it."""
        now = timezone.now()
        stand_in = {
            "booking_opens_at": now,
            "booking_closes_at": now + timedelta(days=UNDATED_DAYS),
        }
        for name, moment in stand_in.items():
            if cleaned.get(name) is None and name not in self.errors:
                if cleaned.get("gauges_interest"):
                    cleaned[name] = moment
                else:
                    self.add_error(name, self.fields[name].error_messages["required"])

    def validate_constraints(self) -> None:
        """What the constraints say is said beside the fields in `clean`."""


# --- Lessons and quotas ---------------------------------------------------------------------------


@dataclass
class LessonChoices:
    """What a lesson may be made of: read once, shared by all rows of the page."""

    courses: dict[str, Course]
    venues: dict[str, Venue]
    experts: dict[str, Expert]

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
            experts={item.code: item for item in Expert.objects.all()},
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

    @cached_property
    def expert_choices(self) -> list:
        return [
            ("", pgettext_lazy("of a lesson", "Not decided")),
            *((code, f"{item.name} {item.category}") for code, item in self.experts.items()),
        ]


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
    course = forms.TypedChoiceField(label=_("Course"), empty_value=None)
    venue = forms.TypedChoiceField(label=pgettext_lazy("of a lesson", "Room"), empty_value=None)
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
    expert = forms.TypedChoiceField(label=_("Lecturer"), required=False, empty_value=None)
    hours = PlainDecimalField(
        label=_("Study hours"),
        required=False,
        min_value=0,
        max_value=99,
        decimal_places=2,
        help_text=_("Empty: as the course says."),
        widget=forms.NumberInput(attrs={"step": "0.25", "min": "0"}),
    )

    def __init__(self, *args, choices: LessonChoices, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, options, known in (
            ("course", choices.course_choices, choices.courses),
            ("venue", choices.venue_choices, choices.venues),
            ("expert", choices.expert_choices, choices.experts),
        ):
            self.fields[name].choices = options
            self.fields[name].coerce = _one_of(known)
        self.fields["day"].error_messages["invalid"] = _("Write a day, such as 2027-11-15.")
        for name in ("starts", "ends"):
            self.fields[name].error_messages["invalid"] = _("Write a time, such as 13:30.")
        _name_required(self)

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
            expert=cleaned["expert"],
        )


class QuotaForm(forms.Form):
    """Seats kept for one town."""

    town = forms.TypedChoiceField(label=_("Street-town"), empty_value=None)
    seats = forms.IntegerField(label=_("Seats"), min_value=0, max_value=MOST_SEATS)

    def __init__(self, *args, towns: dict[str, Town], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town"].choices = [
            ("", pgettext_lazy("of a quota", "Choose a street-town")),
            *((code, town.name) for code, town in towns.items()),
        ]
        self.fields["town"].coerce = _one_of(towns)
        _name_required(self)


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
            {name: self.data.get(row.add_prefix(name), "") for name in row.fields}
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


# --- The page -------------------------------------------------------------------------------------


def wished_class(wished: Mapping[str, str]) -> tuple[dict, dict]:
    """What an address such as ?venue=R01&day=2027-01-12&starts=13:30&ends=16:00 fills in: facts of
    the class, its lesson.

    What is none of that is left out; the form says what is missing.
    """
    lesson = {
        name: wished[name][:40]
        for name in ("course", "venue", "day", "starts", "ends", "expert")
        if wished.get(name)
    }
    venue = (
        Venue.objects.select_related("campus").filter(code=wished["venue"]).first()
        if wished.get("venue")
        else None
    )
    return ({"campus": venue.campus_id, "capacity": venue.capacity} if venue else {}), lesson


KEYS = {"lessons": "pk", "quotas": "town"}  # which field tells a row of the class from the others
OF_NO_VALUE = ("DELETE", "ORDER")


class ClassForms(ConcurrentEdit):
    """The three parts of the page as one: read, checked and complained about together.

    A button `add=lessons` or `add=quotas` asks for an empty row more; then nothing is checked and
    what was typed stays.
    """

    def __init__(
        self,
        *,
        user,
        data=None,
        training_class: TrainingClass | None = None,
        wished: Mapping[str, str] | None = None,
    ) -> None:
        self.adding = data.get("add", "") if data is not None else ""
        if self.adding in ("lessons", "quotas"):
            data = data.copy()
            name = f"{self.adding}-TOTAL_FORMS"
            rows = data.get(name, "")
            data[name] = str(
                int(rows) + 1 if rows.isascii() and rows.isdecimal() and len(rows) < 4 else 1
            )
        else:
            self.adding = ""
        self.user, self.data, self.instance = user, data, training_class or TrainingClass()
        self.is_bound, self.differences, self.changed_by = data is not None, [], ""
        self._stored = self._initial(training_class)
        self._about, self._first = wished_class(wished or {})
        self._choices = LessonChoices.for_class(training_class)
        self._towns = {town.code: town for town in Town.objects.filter(ended_on__isnull=True)}
        self._look_again()
        if self.is_bound:
            self.take_what_was_chosen()
            self._look_again()

    def _look_again(self) -> None:
        instance = copy.copy(self.instance)  # checking a form writes into its object
        lessons, quotas = self._stored
        first = [self._first] if self._first else []
        self.form = ClassForm(
            self.data, instance=instance, user=self.user, prefix="class", initial=self._about
        )
        self.lessons = LessonFormSet(
            self.data,
            initial=lessons + first,
            prefix="lessons",
            form_kwargs={"choices": self._choices},
        )
        self.quotas = QuotaFormSet(
            self.data, initial=quotas, prefix="quotas", form_kwargs={"towns": self._towns}
        )
        if self.instance.pk is None and not self.is_bound and not first:
            self.lessons.extra = 1
        if self.adding:
            self._hush()

    @staticmethod
    def _initial(training_class: TrainingClass | None) -> tuple[list[dict], list[dict]]:
        if training_class is None:
            return [], []
        lessons = []
        for lesson in training_class.lessons.select_related(
            "course_version__course", "venue", "expert"
        ):
            starts_at, ends_at = (
                timezone.localtime(lesson.starts_at),
                timezone.localtime(lesson.ends_at),
            )
            lessons.append(
                {
                    "pk": lesson.pk,
                    "course": lesson.course_version.course.code,
                    "day": starts_at.date(),
                    "starts": starts_at.time(),
                    "ends": ends_at.time(),
                    "venue": lesson.venue.code,
                    "expert": lesson.expert.code if lesson.expert else "",
                    "hours": lesson.hours,
                }
            )
        pools = training_class.pools.filter(
            town__isnull=False, released_at__isnull=True
        ).select_related("town")
        return lessons, [{"town": pool.town.code, "seats": pool.seats} for pool in pools]

    def _hush(self) -> None:
        """An unfinished page is shown again without complaints."""
        for form in (self.form, *self.lessons.forms, *self.quotas.forms):
            form._errors = ErrorDict()

    # --- Two people at once: the facts by field, lessons and quotas by row ------------------------

    def locked_row(self) -> TrainingClass | None:
        return (
            TrainingClass.objects.select_for_update(no_key=True).filter(pk=self.instance.pk).first()
        )

    def opened_on(self, row: TrainingClass) -> "ClassForms":
        return ClassForms(user=self.user, training_class=row)

    def values_shown(self) -> dict[str, Value]:
        return self.form.values_shown() | self._values_of_rows(
            lambda row, name: sent(row.fields[name], row.initial.get(name))
        )

    def values_typed(self) -> dict[str, Value]:
        return self.form.values_typed() | self._values_of_rows(
            lambda row, name: row.fields[name].widget.value_from_datadict(
                row.data, row.files, row.add_prefix(name)
            )
        )

    def _values_of_rows(self, value_of: Callable[[forms.Form, str], object]) -> dict[str, Value]:
        """The rows that stand on the page and that another page could have as well."""
        found: dict[str, Value] = {}
        for kind, key in KEYS.items():
            for row in getattr(self, kind).forms:
                row_key = str(value_of(row, key) or "")
                if row_key and not (row.is_bound and value_of(row, "DELETE")):
                    found[f"{kind}:{row_key}"] = [
                        again(row.fields[name], value_of(row, name)) for name in self._columns(kind)
                    ]
        return found

    def _columns(self, kind: str) -> list[str]:
        row = getattr(self, kind).empty_form
        return [name for name in row.fields if name not in (KEYS[kind], *OF_NO_VALUE)]

    def label_of(self, name: str) -> str:
        kind, colon, key = name.partition(":")
        if not colon:
            return self.form.label_of(name)
        if kind == "quotas":
            return _("Seats kept for %(town)s") % {
                "town": self._towns[key].name if key in self._towns else key
            }
        keys = (
            [row["pk"] for row in self.lessons.rows_sent()]
            if self.is_bound
            else [str(row.initial.get("pk", "")) for row in self.lessons.forms]
        )
        return _("Lesson %(number)d") % {"number": keys.index(key) + 1}

    def words_of(self, name: str, value: Value) -> str:
        kind, colon, _key = name.partition(":")
        if not colon:
            return self.form.words_of(name, value)
        if value is None:
            return pgettext("row of a form", "Not there")
        fields = getattr(self, kind).empty_form.fields
        named = zip(self._columns(kind), value, strict=True)
        return pgettext("between names", ", ").join(
            f"{fields[column].label} {in_words(fields[column], item)}"
            for column, item in named
            if item
        )

    def put(self, name: str, value: Value) -> None:
        kind, colon, key = name.partition(":")
        if colon:
            self._put_row(kind, key, value)
        else:
            self.form.put(name, value)
            self.data = self.form.data

    def put_back(self, name: str) -> None:
        kind, _colon, key = name.partition(":")
        if kind == "lessons":
            self._write_rows(
                kind,
                [row | {"pk": ""} if row["pk"] == key else row for row in self.lessons.rows_sent()],
            )

    def _put_row(self, kind: str, key: str, value: Value) -> None:
        """The row of this key as given, at its place or at the end; without a value it goes."""
        if kind not in KEYS:
            return
        rows, name = getattr(self, kind).rows_sent(), KEYS[kind]
        at = next((place for place, row in enumerate(rows) if row[name] == key), len(rows))
        new = (
            [{name: key, **dict(zip(self._columns(kind), value, strict=True))}]
            if value is not None
            else []
        )
        self._write_rows(kind, [*rows[:at], *new, *rows[at + 1 :]])

    def _write_rows(self, kind: str, rows: Sequence[Mapping[str, str]]) -> None:
        """Number the rows anew, those that were filled in first: a formset passes over an empty one
        only behind them.
        """
        self.data = self.data.copy()
        for name in [name for name in self.data if name.startswith(f"{kind}-")]:
            del self.data[name]
        filled = [row for row in rows if any(row.values())]
        for place, row in enumerate([*filled, *({} for _row in range(len(rows) - len(filled)))]):
            self.data.update(
                {f"{kind}-{place}-{name}": value for name, value in row.items() if value}
            )
        self.data.update(
            {f"{kind}-TOTAL_FORMS": str(len(rows)), f"{kind}-INITIAL_FORMS": str(len(filled))}
        )
        self._look_again()

    # --- Reading it -------------------------------------------------------------------------------

    def is_valid(self) -> bool:
        valid = [self.form.is_valid(), self.lessons.is_valid(), self.quotas.is_valid()]
        if all(valid):
            self._refuse_town_twice()
        return all(valid) and not self._errors_of_quotas

    @property
    def _errors_of_quotas(self) -> bool:
        return any(form.errors for form in self.quotas.forms)

    def _refuse_town_twice(self) -> None:
        seen = set()
        for row in self.quotas.wanted:
            town = row.cleaned_data["town"]
            if town.pk in seen:
                row.add_error("town", _("%(town)s stands here twice.") % {"town": town.name})
            seen.add(town.pk)

    @property
    def plan(self) -> ClassPlan:
        cleaned = self.form.cleaned_data
        names = (
            "title",
            "campus",
            "capacity",
            "booking_opens_at",
            "booking_closes_at",
            "cancel_until",
            "programme",
            "department",
            "has_waiting_list",
        )
        return ClassPlan(
            **{name: cleaned[name] for name in names},
            code=cleaned.get("code", ""),
            gauges_interest=cleaned.get("gauges_interest", False),
            audiences=list(cleaned["audiences"]),
            town_seats={
                row.cleaned_data["town"]: row.cleaned_data["seats"] for row in self.quotas.wanted
            },
            lessons=[row.plan for row in self.lessons.wanted],
        )

    def show(self, refused: SchedulingRefused) -> None:
        """Put each problem beside the field or the lesson it is about."""
        rows: Sequence[forms.Form] = self.lessons.wanted
        for problem in refused.problems:
            if problem.lesson is not None and problem.lesson < len(rows):
                rows[problem.lesson].add_error(problem.field or None, problem.sentence)
            elif problem.field in self.form.fields:
                self.form.add_error(problem.field, problem.sentence)
            else:
                self.form.add_error(None, problem.sentence)

    @property
    def error_summary(self) -> list[SummaryLine]:
        if self.adding:
            return []
        found = [
            complaint
            for form in (self.form, *self.lessons.forms, *self.quotas.forms)
            for complaint in error_summary_of(form)
        ]
        return found + [
            ("", error)
            for formset in (self.lessons, self.quotas)
            if formset.is_bound
            for error in formset.non_form_errors()
        ]
