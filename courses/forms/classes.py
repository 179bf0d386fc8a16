"""What staff type about a class: its facts, its lessons row by row, the quotas of towns.

Works without JavaScript.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from django import forms
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from academy.models import Town, Venue
from academy.web.concurrent_edits import ConcurrentEdit, Value, again, in_words, sent
from academy.web.error_summary import SummaryLine, error_summary_of

from ..beside_class import Question, questions_of
from ..models import ClassStatus, TeachingRole, TrainingClass
from ..schedule.class_plans import ClassPlan, SchedulingRefused
from ..schedule.teachers import teachers_of, with_teachers
from .class_facts import ClassForm
from .class_filling import for_each_town, with_repeats
from .class_questions import known_when_saved, known_when_typed
from .lesson_rows import LessonChoices, LessonFormSet, QuotaFormSet
from .lesson_teachers import with_class_teachers


def wished_class(wished: Mapping[str, str]) -> tuple[dict, dict]:
    """What an address such as ?venue=R01&day=2027-01-12&starts=13:30&ends=16:00 fills in: facts of
    the class, its lesson.

    What is none of that is left out; the form says what is missing.
    """
    lesson = {
        name: wished[name][:40]
        for name in ("course", "venue", "day", "starts", "ends")
        if wished.get(name)
    }
    if wished.get("expert"):
        lesson["teachers"] = f"{TeachingRole.LECTURER} {wished['expert'][:40]}"
    venue = (
        Venue.objects.select_related("campus").filter(code=wished["venue"]).first()
        if wished.get("venue")
        else None
    )
    return ({"campus": venue.campus_id, "capacity": venue.capacity} if venue else {}), lesson


KEYS = {"lessons": "pk", "quotas": "town"}  # which field tells a row of the class from the others
SAME_CLASS_TEACHERS = "class-teachers:"
REPEATS, EACH_TOWN = "repeats", "each-town"  # fill many rows at once
FILLINGS = (REPEATS, EACH_TOWN)
OF_NO_VALUE = ("DELETE", "ORDER", "hours_agreed")


class ClassForms(ConcurrentEdit):
    """The three parts of the page as one: read, checked and complained about together.

    A button `add=lessons`, `add=quotas` or `add=teachers` asks for an empty row more,
    `add=class-teachers:2` takes those of the third lesson over to every other one, `add=repeats`
    and `add=each-town` fill many rows; then nothing is checked and what was typed stays.
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
        elif self.adding not in ("teachers", *FILLINGS) and not self.adding.startswith(
            SAME_CLASS_TEACHERS
        ):
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
            if self.adding in FILLINGS:
                self._fill_in()
            elif self.adding.startswith(SAME_CLASS_TEACHERS):
                self._take_class_teachers_over(self.adding.removeprefix(SAME_CLASS_TEACHERS))

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
            "course_version__course", "venue"
        ).prefetch_related(with_teachers()):
            starts_at, ends_at = map(timezone.localtime, (lesson.starts_at, lesson.ends_at))
            lessons.append(
                {
                    "pk": lesson.pk,
                    "course": lesson.course_version.course.code,
                    "day": starts_at.date(),
                    "starts": starts_at.time(),
                    "ends": ends_at.time(),
                    "venue": lesson.venue.code,
                    "teachers": teachers_of(lesson),
                    "hours": lesson.hours,
                    "break_minutes": lesson.break_minutes or None,
                    "slot_group": lesson.slot_group,
                    "slot_seats": lesson.slot_seats,
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

    def _fill_in(self) -> None:
        if self.adding == REPEATS:
            rows = with_repeats(
                self.lessons.rows_sent(),
                times=self.data.get("repeat-times", ""),
                every=self.data.get("repeat-every", ""),
            )
            self._write_rows("lessons", rows)
        else:
            seats = self.data.get("each-seats", "")
            self._write_rows("quotas", for_each_town(self._towns, seats))

    def _take_class_teachers_over(self, number: str) -> None:
        rows = {str(place): row for place, row in enumerate(self.lessons.rows_sent())}
        if number in rows:
            given = rows[number]["teachers"]
            self._write_rows(
                "lessons",
                [
                    row | {"teachers": with_class_teachers(row["teachers"], given)}
                    if any(row.values())
                    else row
                    for row in rows.values()
                ],
            )

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
        opens = self.data.get("save") == "open"
        valid = [
            self.form.is_valid(),
            self.lessons.is_valid(),
            self.quotas.is_valid(),
            *(question.is_valid(opens=opens) for question in self.questions),
        ]
        if all(valid):
            self._refuse_town_twice()
        return all(valid) and not self._errors_of_quotas

    @cached_property
    def questions(self) -> list[Question]:
        """What else is asked before the class is opened; nothing of one that is open, and nothing
        before campus and day are known.
        """
        if self.instance.status != ClassStatus.DRAFT:
            return []
        saved = self.instance if self.instance.pk else None
        if self.is_bound and not self.adding:
            known = known_when_typed(self.form, self.lessons, saved)
        else:
            known = known_when_saved(saved) if saved else None
        return questions_of(known, self.user, self.data) if known is not None else []

    def keep_answers(self, training_class: TrainingClass, *, by, now: datetime) -> None:
        """Write what was answered besides; call in the transaction that saves the class."""
        for question in self.questions:
            question.keep(training_class, by=by, now=now)

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
            "bring",
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
                if problem.field == "hours_agreed":
                    rows[problem.lesson].ask_whether_hours_are_meant()
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
            for form in (
                self.form,
                *self.lessons.forms,
                *self.quotas.forms,
                *(question.form for question in self.questions),
            )
            for complaint in error_summary_of(form)
        ]
        return found + [
            ("", error)
            for formset in (self.lessons, self.quotas)
            if formset.is_bound
            for error in formset.non_form_errors()
        ]
