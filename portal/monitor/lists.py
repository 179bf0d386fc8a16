"""The rows behind each figure, and its seasons as a table: shown, sorted, exported and printed by
the one list of the office.
"""

from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from academy.lists.actions import Link, Nothing
from academy.lists.columns import Badge, Column, Day, LongText, Names, Number
from academy.lists.listing import OfficeList
from academy.templatetags.portal_tags import full_day
from courses.models import TopicRequest, TopicRequestStatus, TrainingClass
from courses.schedule.season import Season
from practicums.models import Secondment
from trainees.models import Enrolment, EnrolmentEvent, EnrolmentEventKind

from ..models import UnansweredQuery
from .board import Card, cards_of, number_of, short_season
from .counting import HEADLINE_SEASONS
from .evaluations import ClassFigure, class_figures
from .indicators import BY_CLASS, Indicator
from .other_sources import OverlapRow, overlap_rows
from .scopes import Scope
from .sources import MEASURES

IN_THE_FIGURE = "part"


def _is_counted(row: Any) -> tuple[str, str] | None:
    return ("note", pgettext("monitor", "counted")) if row.is_part else None


class _OfIndicator(OfficeList):
    """A list of one indicator, for one scope."""

    needs_query = ("of",)

    def __init__(self, request: HttpRequest, indicator: Indicator, scope: Scope) -> None:
        super().__init__(request, indicator.slug)
        self.indicator, self.scope = indicator, scope

    @cached_property
    def card(self) -> Card:
        return cards_of(self.scope, self.now, [self.indicator])[0]

    @property
    def heading(self) -> str:
        return f"{self.indicator.title}：{self.scope.name}"

    @property
    def about(self) -> str:
        return str(self.indicator.formula)


class SeasonList(_OfIndicator):
    """The figure of each season, the first of them first."""

    slug, address = "monitor-seasons", "monitor:indicator"

    season = Column(pgettext_lazy("of a class", "Season"), lambda row: row[0])
    part = Number(pgettext_lazy("monitor", "Counted"), lambda row: row[1].part)
    whole = Number(
        pgettext_lazy("monitor", "Out of"), lambda row: row[1].whole if row[1].is_known else None
    )
    share = Column(pgettext_lazy("monitor", "Figure"), lambda row: number_of(row[1]))

    def rows(self) -> list[tuple]:
        return [(short_season(code), self.card.of_season(code)) for code in self.card.seasons]

    def key(self, row: tuple) -> str:
        return row[0]


class RowsForm(forms.Form):
    """One season or all that the figure covers; all rows or only those in it."""

    season = forms.ChoiceField(label=pgettext_lazy("of a class", "Season"), required=False)
    counted = forms.ChoiceField(
        label=gettext_lazy("In the figure"),
        required=False,
        choices=[
            ("", pgettext_lazy("filter", "All")),
            (IN_THE_FIGURE, gettext_lazy("Only those counted")),
        ],
    )

    def __init__(self, data: Any, card: Card) -> None:
        super().__init__(data)
        codes = [*card.seasons, *filter(None, [card.year])]
        self.fields["season"].choices = [
            ("", card.span or pgettext("filter", "All")),
            *((code, short_season(code)) for code in codes),
        ]


class Rows(_OfIndicator):
    """What was counted, in the order of codes."""

    address = "monitor:rows"
    nothing = Nothing(
        gettext_lazy("There is nothing to count in this time."),
        gettext_lazy("Choose another season, or look at the whole district."),
    )

    @cached_property
    def form(self) -> RowsForm:
        return RowsForm(self.request.GET, self.card)

    @property
    def crumb(self) -> Link:
        return Link(str(self.indicator.title), self.card.url)

    @property
    def seasons(self) -> list[str]:
        """The season asked for, else those of the figure on the card."""
        if asked := self.form.cleaned_data["season"]:
            return [asked]
        if self.indicator.by_year:
            return [self.card.year]
        return self.card.seasons[-HEADLINE_SEASONS:]

    @property
    def only_counted(self) -> bool:
        return self.form.cleaned_data["counted"] == IN_THE_FIGURE

    def rows(self) -> QuerySet:
        rows = MEASURES[self.indicator.slug].rows(
            seasons=self.seasons, scope=self.scope.code, of=self.scope.of
        )
        return self.joined(rows.filter(is_part=True) if self.only_counted else rows)

    def joined(self, rows: QuerySet) -> QuerySet:
        raise NotImplementedError

    @cached_property
    def found(self) -> Any:
        return self.rows() if self.is_known else []

    @property
    def is_filtered(self) -> bool:
        return self.only_counted if self.is_known else True

    @property
    def notes(self) -> list[str]:
        counted = self.card.counted_at
        if counted is None:
            return super().notes
        as_of = _("The figure was counted on %(day)s; these rows are as they stand now.")
        return [*super().notes, as_of % {"day": full_day(counted)}]

    def count_words(self, count: int) -> str:
        return ngettext("%(count)d row", "%(count)d rows", count) % {"count": count}


class BookingRows(Rows):
    """Bookings; a name only for whoever may see it."""

    slug = "monitor-bookings"

    unit = Column(pgettext_lazy("unit", "Unit"), "village.name", sort="village__code")
    person = Column(pgettext_lazy("of a booking", "Name"), "shown_name")
    counted = Badge(gettext_lazy("In the figure"), _is_counted, sort="is_part")
    town = Column(gettext_lazy("Street-town"), "village.town.name", sort="village__town__code")
    post = Column(gettext_lazy("Post"), "position.name", on=False)
    of_class = LongText(
        pgettext_lazy("of a booking", "Class"), "training_class.title", sort="training_class__code"
    )
    held_at = Column(gettext_lazy("Held at"), "training_class.campus.name")
    season = Column(
        pgettext_lazy("of a class", "Season"),
        lambda row: short_season(row.of_season),
        sort="of_season",
    )
    state = Column(gettext_lazy("State"), "state_in_words")
    said = LongText(gettext_lazy("Reason given"), "said")

    def joined(self, rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
        return rows.select_related(
            "trainee__user", "village__town", "position", "training_class__campus"
        ).order_by("village__town__code", "village__code", "training_class__code", "pk")

    def prepared(self, rows: list[Enrolment]) -> list[Enrolment]:
        keys = [row.pk for row in rows]
        seen = set(
            Enrolment.objects.visible_to(self.user).filter(pk__in=keys).values_list("pk", flat=True)
        )
        left = EnrolmentEvent.objects.filter(
            enrolment__in=keys, kind=EnrolmentEventKind.WITHDRAWN
        ).exclude(reason="")
        reasons = dict(left.values_list("enrolment", "reason"))
        for row in rows:
            may_see = row.pk in seen
            row.shown_name = row.trainee.user.name if may_see else _("Name not shown")
            row.said = (reasons.get(row.pk) or row.repeat_reason) if may_see else ""
        return rows

    def link(self, row: Enrolment) -> str:
        return row.training_class.get_absolute_url()


class RequestRows(Rows):
    """Requests; nobody but the office reads what somebody asked for. Source: docs/rules.md R12."""

    slug = "monitor-requests"

    topic = Column(gettext_lazy("Topic"), "shown_topic", width="w-title")
    counted = Badge(gettext_lazy("In the figure"), _is_counted, sort="is_part")
    town = Column(gettext_lazy("Street-town"), "village.town.name", sort="village__town__code")
    unit = Column(pgettext_lazy("unit", "Unit"), "village.name", sort="village__code")
    asked = Day(gettext_lazy("Asked on"), "asked_at", sort="asked_at")
    state = Badge(
        gettext_lazy("State"),
        lambda row: (
            "ok" if row.status == TopicRequestStatus.ANSWERED else "wait",
            row.get_status_display(),
        ),
        sort="status",
    )
    course = LongText(gettext_lazy("Course"), "course.title")

    def joined(self, rows: QuerySet[TopicRequest]) -> QuerySet[TopicRequest]:
        return rows.select_related("village__town", "course").order_by("asked_at", "pk")

    def prepared(self, rows: list[TopicRequest]) -> list[TopicRequest]:
        keys = [row.pk for row in rows]
        seen = set(
            TopicRequest.objects.visible_to(self.user)
            .filter(pk__in=keys)
            .values_list("pk", flat=True)
        )
        for row in rows:
            row.shown_topic = row.topic if row.pk in seen else _("Read by the office alone")
        return rows


class SecondmentRows(Rows):
    """Secondments by code."""

    slug = "monitor-secondments"

    code = Column(gettext_lazy("Code"), sort="code")
    person = Column(pgettext_lazy("of a booking", "Name"), "trainee.user.name")
    counted = Badge(gettext_lazy("In the figure"), _is_counted, sort="is_part")
    town = Column(gettext_lazy("Street-town"), "town.name", sort="town__code")
    host = Column(gettext_lazy("Host"), "host_name", sort="host_name")
    mentor = Column(gettext_lazy("Mentor"), "mentor.name")
    begins = Day(pgettext_lazy("of a secondment", "From"), "starts_on", sort="starts_on")
    ends = Day(pgettext_lazy("of a secondment", "Until"), "ends_on", sort="ends_on")

    def joined(self, rows: QuerySet[Secondment]) -> QuerySet[Secondment]:
        return rows.select_related("trainee__user", "town", "mentor").order_by("code")

    def link(self, row: Secondment) -> str:
        return row.get_absolute_url()


class OverlapRows(Rows):
    """Trainings of a year's plans in code order, with those that they overlap."""

    slug = "monitor-overlaps"

    owner = Column(pgettext_lazy("of a plan", "Unit"), lambda row: row.item.plan.owner.name)
    number = Number(pgettext_lazy("of a plan item", "No."), "item.number")
    name_of = Column(gettext_lazy("training name"), "item.name", width="w-title")
    counted = Badge(gettext_lazy("In the figure"), _is_counted)
    season = Column(pgettext_lazy("of a class", "Season"), lambda row: short_season(row.of_season))
    others = Names(
        gettext_lazy("Overlaps with"),
        lambda row: [f"{other.plan.owner.name}：{other.name}" for other in row.others],
    )

    def rows(self) -> list[OverlapRow]:
        [code] = self.seasons
        season = Season.parse(code)
        year = season.year if season else int(code or self.today.year)
        return [
            row
            for row in overlap_rows(year)
            if (season is None or row.of_season == code)
            and (row.is_part or not self.only_counted)
            and self._is_theirs(row)
        ]

    def _is_theirs(self, row: OverlapRow) -> bool:
        return not self.scope.of or row.item.plan.owner.code == self.scope.code

    def link(self, row: OverlapRow) -> str:
        return row.item.plan.get_absolute_url()

    def key(self, row: OverlapRow) -> str:
        return str(row.pk)

    def name(self, row: OverlapRow) -> str:
        return row.item.name


class SearchRows(Rows):
    """What was typed and not found; of nobody, and of no street-town."""

    slug = "monitor-searches"

    words = Column(gettext_lazy("What was typed"), sort="words", width="w-title")
    times = Number(gettext_lazy("How often"), sort="times")
    week = Day(gettext_lazy("Week of"), sort="week")

    def rows(self) -> QuerySet[UnansweredQuery]:
        if self.scope.code:
            return UnansweredQuery.objects.none()
        within = Q()
        for season in filter(None, map(Season.parse, self.seasons)):
            within |= Q(week__range=(season.first_day, season.last_day))
        return UnansweredQuery.objects.filter(within).order_by("week", "words")


class EvaluatedRows(Rows):
    """Classes by code, each with five answers or more; no answer stands by itself."""

    slug = "monitor-evaluated"

    code = Column(gettext_lazy("Code"), "training_class.code")
    of_class = LongText(pgettext_lazy("of a booking", "Class"), "training_class.title")
    season = Column(
        pgettext_lazy("of a class", "Season"), lambda row: short_season(row.training_class.season)
    )
    campus = Column(pgettext_lazy("place", "Campus"), "training_class.campus.name")
    part = Number(pgettext_lazy("monitor", "Counted"))
    whole = Number(pgettext_lazy("monitor", "Out of"))

    def rows(self) -> list[ClassFigure]:
        return [
            row
            for row in class_figures(self.indicator.slug, self.seasons)
            if not self.scope.of or self._is_theirs(row.training_class)
        ]

    def _is_theirs(self, training_class: TrainingClass) -> bool:
        town, department = training_class.campus.town, training_class.department
        unit = town if self.scope.of == "town" else department
        return unit is not None and unit.code == self.scope.code

    def key(self, row: ClassFigure) -> str:
        return str(row.pk)

    def name(self, row: ClassFigure) -> str:
        return row.training_class.title


def rows_of(request: HttpRequest, indicator: Indicator, scope: Scope) -> Rows:
    """The list of what the indicator counts."""
    kinds = dict.fromkeys(BY_CLASS, EvaluatedRows) | {
        "overlaps": OverlapRows,
        "searches": SearchRows,
        "requests-met": RequestRows,
        "requests-open": RequestRows,
        "mentoring": SecondmentRows,
        "get-togethers": SecondmentRows,
    }
    return kinds.get(indicator.slug, BookingRows)(request, indicator, scope)
