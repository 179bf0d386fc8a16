"""The lists of evaluations: classes, seasons, what is to be mended. None is in the order of a
grade. Source: docs/rules.md R83.
"""

from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from academy.charts import Chart, Mark, Series
from academy.lists.actions import Link, Nothing
from academy.lists.columns import Badge, Column, Day, LongText, Number, Whole
from academy.lists.listing import OfficeList
from academy.templatetags.portal_tags import day
from courses.schedule.season import Season

from ..evaluation.box import OPENS_AT
from ..evaluation.trends import Dimension, TrendRow, evaluated_classes, trends
from ..models import (
    CAME,
    TAKING_PART,
    Aspect,
    Attendance,
    ClassEvaluation,
    Enrolment,
    EvaluationAnswer,
    Improvement,
)

SEASONS_DRAWN = 8


def _links(here: str) -> list[Link]:
    """To the lists that belong together, without the one that is open."""
    pages = (
        ("trainees:evaluations", gettext_lazy("Evaluations class by class"), "list-check"),
        ("trainees:evaluation_trends", gettext_lazy("By season"), "bar-chart"),
        ("trainees:improvements", gettext_lazy("To mend"), "tools"),
    )
    return [Link(str(words), reverse(name), icon) for name, words, icon in pages if name != here]


def _of_class(rows: QuerySet, condition: str = "training_class") -> Coalesce:
    counted = rows.filter(**{condition: OuterRef("training_class")}).order_by().values(condition)
    return Coalesce(
        Subquery(
            counted.annotate(number=Count("pk")).values("number"), output_field=IntegerField()
        ),
        0,
    )


class EvaluationList(OfficeList):
    """Every evaluation that the person sees, the latest class first."""

    slug, address = "evaluations", "trainees:evaluations"
    heading = gettext_lazy("Evaluation of classes")
    about = gettext_lazy(
        "Opens by itself when the last lesson has ended, for those who were there. Answers have no"
        " name; they are shown from five on, and then in steps of five."
    )
    searched = ("training_class__title", "training_class__code", "training_class__campus__name")
    nothing = Nothing(
        gettext_lazy("No class has been evaluated yet."),
        gettext_lazy("A class stands here from the end of its last lesson."),
    )
    usual = "-ended"

    training_class = Column(
        gettext_lazy("Training class"), "training_class.title", sort="training_class__code"
    )
    ended = Day(gettext_lazy("Last lesson"), "opens_at", sort="opens_at")
    campus = Column(
        pgettext_lazy("place", "Campus"),
        "training_class.campus.name",
        sort="training_class__campus__code",
    )
    state = Badge(pgettext_lazy("of an evaluation", "State"))
    asked = Number(gettext_lazy("People asked"))
    counted = Column(gettext_lazy("Answers shown"))
    to_mend = Number(gettext_lazy("To mend"))

    def rows(self) -> QuerySet[ClassEvaluation]:
        came = Attendance.objects.filter(enrolment=OuterRef("pk"), status__in=CAME)
        there = Enrolment.objects.filter(Exists(came), status__in=TAKING_PART)
        return (
            ClassEvaluation.objects.standing()
            .filter(training_class__in=evaluated_classes(self.user).order_by().values("pk"))
            .select_related("training_class__campus")
            .defer("box")
            .annotate(
                asked=_of_class(there),
                opened=_of_class(EvaluationAnswer.objects.all()),
                to_mend=_of_class(Improvement.objects.open()),
            )
            .order_by("-opens_at", "training_class__code")
        )

    def prepared(self, rows: list[ClassEvaluation]) -> list[ClassEvaluation]:
        for row in rows:
            row.counted = str(row.opened) if row.opened >= OPENS_AT else _("fewer than five")
            row.state = (
                ("wait", _("open until %(day)s") % {"day": day(row.closes_at)})
                if row.is_open(self.now)
                else ("idle", pgettext("evaluation", "closed"))
            )
        return rows

    def name(self, row: ClassEvaluation) -> str:
        return row.training_class.title

    def link(self, row: ClassEvaluation) -> str:
        return reverse("trainees:class_evaluation", args=[row.training_class.code])

    def links(self) -> list[Link]:
        return _links(self.address)

    def count_words(self, count: int) -> str:
        return ngettext("%(count)d class", "%(count)d classes", count) % {"count": count}


# --- By season ------------------------------------------------------------------------------------


class _Share(Column):
    """How many of the answers have one of the two best grades: 87%."""

    css = "r"

    def __init__(self, aspect: Aspect) -> None:
        super().__init__(aspect.label, lambda row: row.per_cent(aspect))

    def html(self, value: int) -> str:
        return f"{value}%"

    def exported(self, value: int) -> str:
        return f"{value}%"


class TrendForm(forms.Form):
    """Whose trends, and which of them."""

    by = forms.ChoiceField(
        label=pgettext_lazy("trend", "Of"), choices=Dimension.choices, required=False
    )
    q = forms.CharField(label=gettext_lazy("Find in this list"), max_length=60, required=False)


class TrendList(OfficeList):
    """Season by season; sorted by code or season alone."""

    slug, address = "evaluation-trends", "trainees:evaluation_trends"
    template = "trainees/evaluation/trends.html"
    heading = gettext_lazy("Evaluation by season")
    about = gettext_lazy(
        "How many of the answers say “very good” or “good”. In the order of codes: nobody is"
        " ranked. The class is graded, not the person; it counts for everybody who lectured in it."
    )
    needs_query = ("of",)
    nothing = Nothing(
        gettext_lazy("No class has five answers yet."),
        gettext_lazy("Fewer are never shown."),
    )

    thing = Column(pgettext_lazy("of a trend", "Of"), "name")
    season = Column(pgettext_lazy("of a class", "Season"), lambda row: _season(row.season))
    classes = Number(gettext_lazy("Classes"))
    n = Number(gettext_lazy("Answers (n)"))
    manner, content, method, effect = (_Share(aspect) for aspect in Aspect)

    @cached_property
    def form(self) -> TrendForm:
        return TrendForm(self.request.GET)

    @property
    def dimension(self) -> Dimension:
        asked = self.form.cleaned_data.get("by") if self.form.is_valid() else ""
        return Dimension(asked or Dimension.CAMPUS)

    @cached_property
    def _all(self) -> list[TrendRow]:
        return trends(self.user, self.dimension)

    def rows(self) -> list[TrendRow]:
        return self._all

    @cached_property
    def found(self) -> list[TrendRow]:
        if not self.is_known:
            return []
        word = self.form.cleaned_data["q"].casefold()
        return [row for row in self._all if word in f"{row.name} {row.code}".casefold()]

    def key(self, row: TrendRow) -> str:
        return f"{row.code}-{row.season}"

    def link(self, row: TrendRow) -> str:
        return f"{self.url}?{urlencode({'by': self.dimension, 'of': row.code})}"

    def links(self) -> list[Link]:
        return _links(self.address)

    def context(self) -> dict[str, Any]:
        return {"chart": self._chart()}

    def _chart(self) -> Chart | None:
        """Of the one asked for, or of the only one: what was said of the effect, by season."""
        codes = {row.code for row in self._all}
        asked = self.request.GET.get("of", "") or (codes.pop() if len(codes) == 1 else "")
        rows = [row for row in self._all if row.code == asked][-SEASONS_DRAWN:]
        if not rows:
            return None
        marks = tuple(
            Mark(
                row.per_cent(Aspect.EFFECT),
                _("%(share)d%% (n=%(n)d)") % {"share": row.per_cent(Aspect.EFFECT), "n": row.n},
            )
            for row in rows
        )
        return Chart(
            key="trend",
            title=_("%(name)s: effect of the teaching") % {"name": rows[0].name},
            sentence=_("Answers that say “very good” or “good”, season by season."),
            over=pgettext("of a class", "Season"),
            labels=tuple(_season(row.season) for row in rows),
            series=(Series(_("Share"), marks),),
            is_share=True,
        )


def _season(code: str) -> str:
    season = Season.parse(code)
    return season.in_words if season else code


# --- What is to be mended -------------------------------------------------------------------------


class ImprovementForm(forms.Form):
    """A word, and whether what is done is shown."""

    q = forms.CharField(label=gettext_lazy("Find in this list"), max_length=60, required=False)
    state = forms.ChoiceField(
        label=pgettext_lazy("of an improvement", "State"),
        required=False,
        choices=[
            ("", gettext_lazy("Still to do")),
            ("done", pgettext_lazy("of an improvement", "Done")),
            ("all", pgettext_lazy("filter", "All")),
        ],
    )


class ImprovementList(OfficeList):
    """What is to be mended, by its last day."""

    slug, address = "improvements", "trainees:improvements"
    heading = gettext_lazy("To mend after evaluations")
    about = gettext_lazy("Entered on the page of a class: who, what, until when.")
    nothing = Nothing(
        gettext_lazy("There is nothing to mend."),
        gettext_lazy("What an evaluation shows is entered on the page of its class."),
    )

    action = LongText(gettext_lazy("What is to be done"), sort=True)
    responsible = Column(
        gettext_lazy("Who sees to it"), "responsible.name", sort="responsible__name"
    )
    due_on = Day(pgettext_lazy("of an improvement", "Until"), sort="due_on")
    state = Badge(pgettext_lazy("of an improvement", "State"))
    finding = Whole(pgettext_lazy("improvement", "What was found"))
    training_class = LongText(
        gettext_lazy("Training class"), "training_class.title", sort="training_class__code"
    )
    outcome = Whole(pgettext_lazy("improvement", "What was done"))

    @cached_property
    def form(self) -> ImprovementForm:
        return ImprovementForm(self.request.GET)

    def rows(self) -> QuerySet[Improvement]:
        return (
            Improvement.objects.visible_to(self.user)
            .select_related("training_class", "responsible")
            .order_by("due_on", "pk")
        )

    @cached_property
    def found(self) -> Any:
        if not self.is_known:
            return []
        word, state = self.form.cleaned_data["q"].strip(), self.form.cleaned_data["state"]
        rows = self.rows()
        if state != "all":
            rows = rows.filter(done_on__isnull=state != "done")
        if word:
            rows = rows.filter(
                Q(action__icontains=word)
                | Q(finding__icontains=word)
                | Q(training_class__title__icontains=word)
                | Q(responsible__name__icontains=word)
            )
        return rows

    def prepared(self, rows: list[Improvement]) -> list[Improvement]:
        for row in rows:
            if row.done_on:
                row.state = ("ok", pgettext("of an improvement", "Done"))
            elif row.is_overdue(self.today):
                row.state = ("bad", pgettext("of an improvement", "Overdue"))
            else:
                row.state = ("wait", pgettext("of an improvement", "To do"))
        return rows

    def name(self, row: Improvement) -> str:
        return row.action

    def link(self, row: Improvement) -> str:
        return f"{reverse('trainees:class_evaluation', args=[row.training_class.code])}#mend"

    def links(self) -> list[Link]:
        return _links(self.address)
