"""The list of what is missing for the service items."""

from functools import cached_property
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from academy.lists.actions import Link, Nothing
from academy.lists.columns import Action, Badge, Column, Names
from academy.lists.listing import OfficeList
from academy.models import Department
from academy.templatetags.portal_tags import icon

from ..catalogue.service_items import Gap, Offer, offers
from ..models import ServiceItem

GAP_BADGES = {Gap.NO_COURSE: "bad", Gap.NO_CLASS: "wait"}
ANY = pgettext_lazy("filter", "Any")


class GapForm(forms.Form):
    """What is missing, and of which department."""

    gap = forms.ChoiceField(
        label=gettext_lazy("What is missing"), required=False, choices=[("", ANY), *Gap.choices]
    )
    department = forms.ModelChoiceField(
        label=gettext_lazy("Department"),
        queryset=Department.objects.filter(service_items__isnull=False).distinct().order_by("code"),
        to_field_name="code",
        required=False,
        empty_label=ANY,
    )


class ServiceGapList(OfficeList):
    """Items that cannot be learnt at present: without a course, or without a coming class."""

    slug, address = "service-gaps", "courses:service_gaps"
    heading = gettext_lazy("Gaps in the service items")
    about = gettext_lazy(
        "What cadres cannot learn at present. The public page says so and offers to ask for the"
        " topic."
    )
    see_all = gettext_lazy("See all gaps")
    nothing = Nothing(
        gettext_lazy("No gap"),
        gettext_lazy("Every service item asked for has a course and a coming class."),
    )

    question = Column(gettext_lazy("Service item"), "item.asks", sort=True, width="w-title")
    code = Column(gettext_lazy("Code"), "item.code", sort=True, on_phone=False)
    called = Column(gettext_lazy("Name of the item"), "item.name", sort=True)
    department = Column(
        gettext_lazy("Department"),
        lambda row: row.item.department.short_name or row.item.department.name,
        sort=True,
        width="w-place",
    )
    gap = Badge(
        gettext_lazy("What is missing"),
        lambda row: (GAP_BADGES[row.gap], row.gap_words),
        sort=True,
    )
    courses = Names(gettext_lazy("Courses about it"), lambda row: [c.title for c in row.courses])
    steps_on = Action(gettext_lazy("What can be done"))

    @cached_property
    def form(self) -> GapForm:
        return GapForm(self.request.GET)

    def rows(self) -> list[Offer]:
        return self._gaps(ServiceItem.objects.select_related("department"))

    def _gaps(self, items: Any) -> list[Offer]:
        return [offer for offer in offers(items, now=self.now) if offer.gap]

    @cached_property
    def found(self) -> list[Offer]:
        if not self.is_known:
            return []
        wanted = self.form.cleaned_data
        items = ServiceItem.objects.select_related("department")
        if wanted["department"]:
            items = items.filter(department=wanted["department"])
        return [offer for offer in self._gaps(items) if wanted["gap"] in ("", offer.gap)]

    def key(self, row: Offer) -> str:
        return row.item.code

    def name(self, row: Offer) -> str:
        return row.item.name

    def link(self, row: Offer) -> str:
        return row.item.get_absolute_url()

    def show_courses(self, row: Offer) -> str:
        links = ((course.get_absolute_url(), course.title) for course in row.courses)
        return format_html_join(pgettext("between names", ", "), '<a href="{}">{}</a>', links)

    def show_steps_on(self, row: Offer) -> str:
        if not self.user.has_perm("courses.change_serviceitem", row.item):
            return ""
        link = '<a href="{}" aria-label="{}">{}{}</a>'
        reword = format_html(
            link,
            reverse("courses:service_edit", args=[row.item.code]),
            _("Reword %(item)s") % {"item": row.item.name},
            icon("pencil"),
            pgettext("button", "Reword"),
        )
        if row.gap != Gap.NO_COURSE:
            return reword
        write = format_html(
            link,
            f"{reverse('courses:course_create')}?item={row.item.code}",
            _("Write a course for %(item)s") % {"item": row.item.name},
            icon("plus-lg"),
            _("Write a course"),
        )
        return format_html("{} {}", write, reword)

    def count_words(self, count: int) -> str:
        return ngettext("%(count)s gap", "%(count)s gaps", count) % {"count": count}

    def links(self) -> list[Link]:
        return [Link(_("As everybody sees it"), reverse("courses:service_list"))]
