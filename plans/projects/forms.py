"""What people type about a project."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from academy.access import is_office, towns_of
from academy.models import Village
from academy.picking.widgets import PickOne, PickSome
from academy.web.concurrent_edits import ConcurrentEdit
from academy.web.error_summary import ErrorSummaryMixin
from courses.models import Course
from practicums.models import PracticeCase

from ..models import AnnualPlan, PlanItem, Project, ProjectTopic
from .register import PUBLIC_TEXTS, REASON_LENGTH, details_in


class PlanItemsField(forms.ModelMultipleChoiceField):
    """Items of plans that the person sees, with whose plan of which year each is."""

    def label_from_instance(self, item: PlanItem) -> str:
        return _("%(name)s (%(owner)s, %(year)d)") % {
            "name": item.name,
            "owner": item.plan.owner.name,
            "year": item.plan.year,
        }


def items_seen_by(user) -> QuerySet[PlanItem]:
    """Items of the plans that the person sees, in the order of their plans."""
    plans = AnnualPlan.objects.visible_to(user)
    return (
        PlanItem.objects.filter(plan__in=plans)
        .select_related("plan__town", "plan__department", "plan__campus")
        .in_code_order()
    )


class ProjectForm(ConcurrentEdit, ErrorSummaryMixin, forms.ModelForm):
    """A project in groups as one thinks of it; what the person may not see stays linked."""

    GROUPS = (
        (
            pgettext_lazy("group of fields", "What and where"),
            ("title", "village", "level", "topic", "year", "code"),
        ),
        (
            pgettext_lazy("group of fields", "How far it is"),
            ("state", "started_on", "completed_on"),
        ),
        (
            pgettext_lazy("group of fields", "What is told of it"),
            ("summary", "results", "remark", "is_public"),
        ),
        (
            pgettext_lazy("group of fields", "What goes with it"),
            ("courses", "cases", "plan_items"),
        ),
    )
    LINKS = ("courses", "cases", "plan_items")

    plan_items = PlanItemsField(
        queryset=PlanItem.objects.none(),
        required=False,
        label=gettext_lazy("Plan items"),
        widget=PickSome("plan-item", by="key"),
        help_text=gettext_lazy(
            "Items of annual plans that serve the project; only staff see them."
        ),
    )

    class Meta:
        model = Project
        fields = [
            "title",
            "village",
            "level",
            "topic",
            "year",
            "code",
            "state",
            "started_on",
            "completed_on",
            "summary",
            "results",
            "remark",
            "is_public",
            "courses",
            "cases",
            "plan_items",
        ]
        widgets = {
            "village": PickOne("village", by="key"),
            "courses": PickSome("course", by="key"),
            "cases": PickSome("case", by="key"),
            "summary": forms.Textarea(attrs={"rows": 3}),
            "results": forms.Textarea(attrs={"rows": 3}),
            "started_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "completed_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "code": gettext_lazy(
                "Empty: the next code of the series. It never changes afterwards."
            ),
            "results": gettext_lazy(
                "In numbers and facts where there are any; no names of residents."
            ),
            "is_public": gettext_lazy(
                "On the page of the street-town, in the search and in the public list."
            ),
            "completed_on": gettext_lazy("Only of completed projects."),
            "remark": gettext_lazy("Where it comes from; stands below the project."),
        }

    def __init__(self, *args, user, **kwargs) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        villages = Village.objects.current(timezone.localdate()).select_related("town")
        if not is_office(user):
            villages = villages.filter(town__in=towns_of(user))
        if self.instance.pk:  # of a unit that has ended since
            villages = villages | Village.objects.filter(
                pk=self.instance.village_id
            ).select_related("town")
        self.fields["village"].queryset = villages.order_by("code")
        self.fields["village"].label_from_instance = lambda item: f"{item.town.name}{item.name}"
        topics = Q(active=True) | Q(pk=self.instance.topic_id)
        self.fields["topic"].queryset = ProjectTopic.objects.filter(topics)
        self.fields["topic"].empty_label = pgettext_lazy("of a project", "No topic")
        courses, cases = (
            Q(pk__in=Course.objects.published()),
            Q(pk__in=PracticeCase.objects.published()),
        )
        if self.instance.pk:
            courses |= Q(projects=self.instance)
            cases |= Q(projects=self.instance)
        self.fields["courses"].queryset = Course.objects.filter(courses).distinct()
        self.fields["cases"].queryset = PracticeCase.objects.filter(cases).distinct()
        self.fields["plan_items"].queryset = items_seen_by(user)
        self.fields["code"].required = False
        if self.instance.pk:
            self.fields["code"].disabled = True
        for field in self.fields.values():
            field.error_messages["required"] = _("Fill in “%(field)s”.") % {"field": field.label}
        self.fields["village"].error_messages["invalid_choice"] = (
            _("Choose one of the villages.")
            if is_office(user)
            else _("Choose one of the villages of your street-town.")
        )

    @property
    def groups(self) -> list[tuple[str, list]]:
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def opened_on(self, row: Project) -> "ProjectForm":
        return type(self)(instance=row, user=self.user)

    def who_changed(self, row: Project) -> str:
        return row.updated_by.name if row.updated_by else ""

    def clean(self) -> dict:
        cleaned = super().clean()
        others = Project.objects.kept().exclude(pk=self.instance.pk)
        if others.filter(village=cleaned.get("village"), title=cleaned.get("title")).exists():
            self.add_error("title", _("This village has a project of this name already."))
        if cleaned.get("is_public"):
            held = details_in(cleaned.get(name) or "" for name in PUBLIC_TEXTS)
            if held:
                self.add_error(
                    "is_public",
                    ValidationError(
                        _("A public project names no resident; the text holds %(what)s.")
                        % {"what": "、".join(held)}
                    ),
                )
        return cleaned

    def set_links(self, project: Project) -> None:
        """Link what was chosen; an item of a plan that the person does not see stays linked."""
        chosen = self.cleaned_data
        project.courses.set(chosen["courses"])
        project.cases.set(chosen["cases"])
        unseen = project.plan_items.exclude(pk__in=self.fields["plan_items"].queryset.order_by())
        project.plan_items.set([*chosen["plan_items"], *unseen])


class RemoveForm(forms.Form):
    """Why a project is taken out."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is taken out"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Write why the project is taken out.")},
    )
