"""The list of classes of which neither a plan item nor a reason is known."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from academy.lists.actions import Bulk, Link, Nothing
from academy.lists.columns import Badge, Column, Moment
from academy.lists.listing import OfficeList
from courses.models import TrainingClass
from courses.office_lists.classes import CLASS_BADGES

from .hanging_classes import unfiled_classes

HANG = "hang"


class UnfiledClassList(OfficeList):
    """Classes that the person runs, on the calendar or held, without a plan item and a reason."""

    slug, address = "unfiled-classes", "plans:unfiled_classes"
    heading = pgettext_lazy("navigation", "Classes without a plan item")
    about = gettext_lazy(
        "Tick those that carry out the same item, or that stand outside the plans for one reason."
    )
    searched = ("title", "code")
    usual = "starts"
    bulk = (
        Bulk(HANG, gettext_lazy("Choose an item or write why not"), address="plans:hang_classes"),
    )
    nothing = Nothing(
        gettext_lazy("Every class has its plan item or its reason."),
        gettext_lazy("Classes that are opened without one stand here until it is said."),
    )
    nothing_matches = gettext_lazy("No class matches.")
    see_all = gettext_lazy("See all classes")

    title = Column(pgettext_lazy("column", "Class"), sort="title", width="w-title")
    code = Column(gettext_lazy("Code"), sort="code")
    status = Badge(
        gettext_lazy("State"),
        lambda row: (CLASS_BADGES[row.status], row.get_status_display()),
        sort="status",
    )
    starts = Moment(gettext_lazy("First lesson"), "starts_at", sort="starts_at")
    campus = Column(gettext_lazy("Campus"), "campus.name", sort="campus__code")
    department = Column(gettext_lazy("Department"), "department.name", sort="department__code")

    def rows(self) -> QuerySet[TrainingClass]:
        return (
            unfiled_classes(self.user)
            .select_related("campus", "department")
            .order_by("starts_at", "code")
        )

    def link(self, row: TrainingClass) -> str:
        return reverse("plans:class_filing", args=[row.code])

    def count_words(self, count: int) -> str:
        return ngettext("%(count)d class", "%(count)d classes", count) % {"count": count}

    @property
    def crumb(self) -> Link:
        return Link(pgettext("navigation", "Annual plans"), reverse("plans:plan_list"))
