"""The register of projects as a list: of the office, and as everybody reads it."""

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from academy.lists.actions import Link, Nothing
from academy.lists.columns import Badge, Column, FullDay, LongText, Number, YesNo
from academy.lists.listing import OfficeList
from academy.models import Town
from academy.search.index import codes_found

from ..models import Project, ProjectLevel, ProjectState, ProjectTopic
from .register import PUBLISHED_SOURCE, level_counts

ANY = pgettext_lazy("filter", "Any")
STATE_BADGES = {
    ProjectState.PREPARED: "idle",
    ProjectState.RUNNING: "wait",
    ProjectState.COMPLETED: "ok",
    ProjectState.STOPPED: "bad",
}


def published_words(projects: QuerySet[Project]) -> str:
    """How many projects are entered, beside the published numbers and their source."""
    counts = [
        _("%(level)s %(entered)d (published: %(published)d)")
        % {"level": count.level, "entered": count.entered, "published": count.published}
        for count in level_counts(projects)
    ]
    return _("Entered: %(counts)s. Source of the published numbers: %(source)s.") % {
        "counts": "、".join(counts),
        "source": PUBLISHED_SOURCE,
    }


class ProjectFilter(django_filters.FilterSet):
    """An unknown value gives an empty list and a sentence, never an error page."""

    q = django_filters.CharFilter(method="find", label=gettext_lazy("Name or code"))
    town = django_filters.ModelChoiceFilter(
        field_name="village__town",
        queryset=Town.objects.filter(ended_on__isnull=True),
        to_field_name="code",
        label=gettext_lazy("Street-town"),
        empty_label=ANY,
    )
    level = django_filters.ChoiceFilter(
        choices=ProjectLevel, label=pgettext_lazy("of a project", "Level"), empty_label=ANY
    )
    topic = django_filters.ModelChoiceFilter(
        queryset=ProjectTopic.objects.all(),
        to_field_name="name",
        label=pgettext_lazy("of a project", "Topic"),
        empty_label=ANY,
    )
    state = django_filters.ChoiceFilter(
        choices=ProjectState, label=pgettext_lazy("of a project", "State"), empty_label=ANY
    )

    class Meta:
        model = Project
        fields = ["q", "town", "level", "topic", "state"]

    def find(self, rows, _name: str, value: str):
        found = codes_found(value, kind="project")
        return rows.filter(Q(code__in=found) | Q(code__icontains=value) | Q(title__icontains=value))


class KeptProjectFilter(ProjectFilter):
    """For staff: with what was taken out, or what is public."""

    SHOWN = (
        ("public", gettext_lazy("Shown to everybody")),
        ("inside", gettext_lazy("Seen by staff only")),
        ("removed", gettext_lazy("Taken out")),
    )
    show = django_filters.ChoiceFilter(
        choices=SHOWN,
        method="of_kind",
        label=pgettext_lazy("of projects", "Shown"),
        empty_label=gettext_lazy("In the register"),
    )

    class Meta(ProjectFilter.Meta):
        fields = [*ProjectFilter.Meta.fields, "show"]

    def of_kind(self, rows, _name: str, value: str):
        return rows  # `filter_queryset` does it: without a value, too

    def filter_queryset(self, queryset):
        shown = self.form.cleaned_data.get("show")
        if shown == "removed":
            rows = queryset.filter(removed_on__isnull=False)
        else:
            rows = queryset.filter(removed_on__isnull=True)
        if shown in ("public", "inside"):
            rows = rows.filter(is_public=shown == "public")
        return super().filter_queryset(rows)


class ProjectList(OfficeList):
    """The projects that the person corrects, in the order of their codes."""

    slug, address = "projects", "plans:manage_projects"
    heading = pgettext_lazy("navigation", "Projects of 先锋行动")
    filters = KeptProjectFilter
    tie = ("code",)
    files = "projects"
    takes_ticks = True
    nothing_matches = gettext_lazy("No project fits.")
    see_all = gettext_lazy("See all projects")

    title = Column(pgettext_lazy("column", "Project"), sort="title", width="w-title")
    code = Column(gettext_lazy("Code"), sort="code", on_phone=False)
    level = Column(
        pgettext_lazy("of a project", "Level"),
        lambda row: row.get_level_display(),
        sort="level",
    )
    state = Badge(
        pgettext_lazy("of a project", "State"),
        lambda row: (STATE_BADGES[row.state], row.get_state_display()),
        sort="state",
    )
    topic = Column(pgettext_lazy("of a project", "Topic"), "topic.name", sort="topic__sort_order")
    town = Column(gettext_lazy("Street-town"), "village.town.name", sort="village__town__code")
    village = Column(
        pgettext_lazy("unit", "village"), "village.name", sort="village__code", width="w-place"
    )
    year = Number(pgettext_lazy("of a project", "Year"), sort="year")
    public = YesNo(pgettext_lazy("of a project", "Public"), "is_public", sort="is_public")
    summary = LongText(gettext_lazy("What is done"), on=False)
    results = LongText(pgettext_lazy("of a project", "What came of it"), on=False)
    started = FullDay(
        pgettext_lazy("of a project", "Begun"), "started_on", sort="started_on", on=False
    )
    completed = FullDay(
        pgettext_lazy("of a project", "Completed"), "completed_on", sort="completed_on", on=False
    )
    changed = FullDay(pgettext_lazy("column", "Changed"), "updated_at", sort="updated_at", on=False)

    def rows(self) -> QuerySet[Project]:
        return Project.objects.kept_by(self.user).with_place().order_by("code")

    @property
    def about(self) -> str:
        return published_words(Project.objects.kept())

    def link(self, row: Project) -> str:
        return reverse("plans:project_edit", args=[row.code])

    def name(self, row: Project) -> str:
        return row.title

    def count_words(self, count: int) -> str:
        return ngettext("%(count)d project", "%(count)d projects", count) % {"count": count}

    def links(self) -> list[Link]:
        return [
            Link(_("As everybody sees it"), reverse("plans:project_list")),
            Link(
                _("Import a list"),
                f"{reverse('imports:import_list')}?kind=projects",
                "file-earmark-text",
            ),
            Link(_("Add a project"), reverse("plans:project_create"), "plus-lg", primary=True),
        ]

    @property
    def nothing(self) -> Nothing:
        return Nothing(
            _("No project yet"),
            _("Import the list that you keep, or add the projects one by one."),
            reverse("plans:project_create"),
            _("Add a project"),
        )
