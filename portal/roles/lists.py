"""The list of roles."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from academy.lists.actions import Link, Nothing
from academy.lists.columns import Action, Badge, Column, Day, FullDay
from academy.lists.listing import OfficeList
from academy.models import RoleGrant
from academy.role_grants import grants_visible_to

from .finding import BY_PERSON, BY_PLACE, in_state, narrowed, with_places
from .forms import GrantFilterForm


def _place_of(grant: RoleGrant) -> str:
    if grant.scope is None:
        return pgettext("place of a role", "Whole district")
    return grant.scope.name


class RoleList(OfficeList):
    """The roles that hold, end soon, begin later or are over."""

    slug, address = "roles", "roles:role_list"
    heading = pgettext_lazy("heading", "Roles")
    nothing_matches = gettext_lazy("No role matches.")
    see_all = gettext_lazy("See the roles that hold now")

    person = Column(pgettext_lazy("of a role", "Person"), "user.name", sort=BY_PERSON)
    phone = Column(gettext_lazy("Phone"), "user.masked_phone")
    role = Column(gettext_lazy("Role"), lambda row: row.get_role_display(), sort="role")
    place = Column(pgettext_lazy("of a role", "Place"), _place_of, sort=BY_PLACE, width="w-place")
    town = Column(gettext_lazy("Street-town"), "village.town.name", on=False, on_phone=False)
    begins = FullDay(pgettext_lazy("of a role", "First day"), "valid_from", sort="valid_from")
    ends = FullDay(pgettext_lazy("of a role", "Last day"), "valid_to", sort="valid_to")
    given_by = Column(
        pgettext_lazy("a role", "Given by"), "granted_by.name", sort="granted_by__name"
    )
    given_at = Day(gettext_lazy("Given on"), "granted_at", sort="granted_at")
    account = Badge(
        gettext_lazy("Account"),
        lambda row: None if row.user.is_active else ("bad", _("account suspended")),
    )
    change = Action(gettext_lazy("Actions"))

    @cached_property
    def form(self) -> GrantFilterForm:
        return GrantFilterForm(self.request.GET, user=self.user)

    def rows(self) -> QuerySet[RoleGrant]:
        town = Coalesce("town__code", "village__town__code", "campus__town__code")
        seen = grants_visible_to(self.user).annotate(place_town=town)
        return with_places(seen).order_by(*BY_PERSON)

    @cached_property
    def found(self) -> Any:
        if not self.is_known:
            return []
        return narrowed(self.rows(), self.form.cleaned_data, self.today)

    def name(self, row: RoleGrant) -> str:
        return row.user.name

    def show_change(self, row: RoleGrant) -> str:
        if row.valid_to and row.valid_to < self.today:
            return ""
        link = '<a class="btn btn-quiet" href="{}" aria-label="{}">{}</a>'
        found = []
        if row.valid_to and row.user_id != self.user.pk:
            words = pgettext("a role", "Extend")
            found.append((reverse("roles:role_extend", args=[row.pk]), words))
        found.append((reverse("roles:role_end", args=[row.pk]), pgettext("a role", "End")))
        name = row.user.name
        return format_html_join(
            mark_safe(" "), link, ((url, f"{words}：{name}", words) for url, words in found)
        )

    def count_words(self, count: int) -> str:
        return ngettext("%(count)s role", "%(count)s roles", count) % {"count": count}

    def links(self) -> list[Link]:
        found = []
        ending = in_state(grants_visible_to(self.user), "ending", self.today).count()
        if ending and self.request.GET.get("state") != "ending":
            words = ngettext(
                "%(count)s ends within 30 days", "%(count)s end within 30 days", ending
            ) % {"count": ending}
            found.append(Link(words, f"{self.url}?state=ending"))
        if self.user.has_perm("academy.explain_access"):
            found.append(Link(_("What can somebody do?"), reverse("roles:can_do")))
        give = reverse("roles:role_grant")
        return [*found, Link(_("Give a role"), give, "plus-lg", primary=True)]

    @property
    def nothing(self) -> Nothing:
        return Nothing(
            _("No role matches."),
            _("Leave a filter out, or give somebody this role."),
            reverse("roles:role_grant"),
            _("Give a role"),
        )
