"""The lists of cases and of secondments."""

from functools import cached_property
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from academy.lists.actions import Link, Nothing
from academy.lists.columns import Badge, Column, FullDay, Names, Number
from academy.lists.listing import OfficeList
from academy.templatetags.portal_tags import icon, short_day

from .filters import ALL, HELP, MINE, BoardFilter
from .models import (
    CaseStatus,
    ItemKind,
    ItemStatus,
    PracticeCase,
    Secondment,
    SecondmentStatus,
    SevenItem,
)
from .models.seven_items import SHORT_NAMES
from .seven_items.board import BoardRow, board_rows

CASE_BADGES = {
    CaseStatus.DRAFT: "idle",
    CaseStatus.IN_REVIEW: "wait",
    CaseStatus.PUBLISHED: "ok",
    CaseStatus.TAKEN_DOWN: "bad",
}


class CaseFilter(django_filters.FilterSet):
    """A value that does not exist makes the form invalid: the page then shows an empty list."""

    q = django_filters.CharFilter(field_name="title", lookup_expr="icontains", label=_("Title"))
    status = django_filters.ChoiceFilter(
        choices=CaseStatus, label=_("State"), empty_label=pgettext_lazy("cases", "All")
    )

    class Meta:
        model = PracticeCase
        fields = ["q", "status"]


class CaseList(OfficeList):
    """The cases that one writes; the academy office sees all of them."""

    slug, address = "cases", "practicums:manage_cases"
    heading = gettext_lazy("Case library")
    filters = CaseFilter
    tie = ("code",)
    files = "cases"
    takes_ticks = True
    nothing_matches = gettext_lazy("No case stands there.")
    see_all = gettext_lazy("See all cases")

    title = Column(pgettext_lazy("column", "Case"), sort="title", width="w-title")
    code = Column(gettext_lazy("Code"), sort="code", on_phone=False)
    status = Badge(
        gettext_lazy("State"),
        lambda row: (CASE_BADGES[row.status], row.get_status_display()),
        sort="status",
    )
    theme = Column(gettext_lazy("Theme"), sort="theme")
    author = Column(gettext_lazy("Author"), "author.name", sort="author__name")
    changed = FullDay(pgettext_lazy("column", "Changed"), "updated_at", sort="updated_at")

    def rows(self) -> QuerySet[PracticeCase]:
        cases = PracticeCase.objects.worked_on_by(self.user)
        return cases.select_related("author").order_by("-updated_at", "code")

    def link(self, row: PracticeCase) -> str:
        return reverse("practicums:manage_case", args=[row.code])

    def name(self, row: PracticeCase) -> str:
        return row.title

    def count_words(self, count: int) -> str:
        return ngettext("%(count)d case", "%(count)d cases", count) % {"count": count}

    def links(self) -> list[Link]:
        return [
            Link(_("As everybody sees it"), reverse("practicums:case_list")),
            Link(_("Write a case"), reverse("practicums:case_create"), "plus-lg", primary=True),
        ]

    @property
    def nothing(self) -> Nothing:
        return Nothing(
            _("No case yet"),
            _(
                "Tell one piece of work: what the matter was, what was done, what came of it. One"
                " page is enough."
            ),
            reverse("practicums:case_create"),
            _("Write a case"),
        )


class ItemState(Column):
    """How far one of the seven items is: picture and word."""

    css = "nobr"

    def html(self, value: SevenItem) -> str:
        kind, picture = value.badge
        return format_html(
            '<span class="item-cell {}">{}<span>{}</span></span>',
            kind,
            icon(picture),
            value.get_status_display(),
        )

    def exported(self, value: SevenItem) -> str:
        return str(value.get_status_display())

    def compared(self, value: SevenItem) -> tuple:
        return (False, ItemStatus.values.index(value.status))

    def rank(self, value: SevenItem) -> str:
        return str(ItemStatus.values.index(value.status))


def _item(place: int) -> ItemState:
    return ItemState(
        SHORT_NAMES[ItemKind.values[place]], lambda row: row.items[place], sort=True, on_phone=False
    )


def _standing(row: BoardRow) -> list[str]:
    """Where to lend a hand, what waits for the reader, or how it goes, in words."""
    words = [str(sentence) for sentence in row.helps]
    words += [_("%(item)s: sign") % {"item": item.short_name} for item in row.for_me]
    if row.ready:
        words.append(_("All seven done, can be closed"))
    return words or [_on_its_way(row)]


def _on_its_way(row: BoardRow) -> str:
    if not row.secondment.is_running:
        return str(row.secondment.get_status_display())
    if row.has_begun:
        return _("On its way")
    return _("begins on %(day)s") % {"day": short_day(row.secondment.starts_on)}


class SecondmentList(OfficeList):
    """Everybody on secondment with the seven items, in the order of the codes: never by what
    somebody has achieved.
    """

    slug, address = "secondments", "practicums:board"
    template = "practicums/board.html"
    heading = pgettext_lazy("navigation", "Secondments")
    about = gettext_lazy(
        "The state comes from evidence and signatures; nobody ticks it by hand. In the order of the"
        " list."
    )
    files = "secondments"
    see_all = gettext_lazy("All that are under way")

    person = Column(pgettext_lazy("column", "Person"), "secondment.trainee.name", sort=True)
    home = Column(
        gettext_lazy("Home unit"),
        lambda row: f"{row.secondment.town.name} {row.secondment.village.name}",
        sort=True,
        width="w-place",
    )
    host = Column(gettext_lazy("Host"), "secondment.host_name", sort=True, width="w-place")
    mentor = Column(gettext_lazy("Mentor"), "secondment.mentor.name", sort=True)
    item_1 = _item(0)
    item_2 = _item(1)
    item_3 = _item(2)
    item_4 = _item(3)
    item_5 = _item(4)
    item_6 = _item(5)
    item_7 = _item(6)
    standing = Names(gettext_lazy("Where to help"), _standing)
    signed = Number(gettext_lazy("Signed of seven"), on=False)
    batch = Column(
        pgettext_lazy("of a batch", "batch"), "secondment.batch.name", sort=True, on=False
    )
    starts = FullDay(gettext_lazy("From"), "secondment.starts_on", sort=True, on=False)
    ends = FullDay(gettext_lazy("Until"), "secondment.ends_on", sort=True, on=False)
    post = Column(
        pgettext_lazy("of a person", "Post"), "secondment.position.name", on=False, on_phone=False
    )

    @cached_property
    def wanted(self) -> dict[str, Any]:
        """What was asked for; those under way, unless a batch or a host names others."""
        wanted = self.request.GET.copy()
        if not wanted.get("status"):
            is_narrowed = wanted.get("batch") or wanted.get("department")
            wanted["status"] = ALL if is_narrowed else SecondmentStatus.RUNNING
        return wanted

    @cached_property
    def filterset(self) -> BoardFilter:
        queryset = Secondment.objects.worked_on_by(self.user)
        return BoardFilter(self.wanted, queryset=queryset)

    @cached_property
    def every(self) -> list[BoardRow]:
        """All that pass the filters but `show`, which needs their items."""
        if not self.is_known:
            return []
        return board_rows(self.filterset.qs, user=self.user, now=self.now)

    def rows(self) -> list[BoardRow]:
        return self.every

    @cached_property
    def found(self) -> list[BoardRow]:
        chosen = self.form.cleaned_data.get("show") if self.is_known else ""
        return {HELP: self.helped, MINE: self.mine}.get(chosen, self.every)

    @property
    def helped(self) -> list[BoardRow]:
        return [row for row in self.every if row.helps]

    @property
    def mine(self) -> list[BoardRow]:
        return [
            row
            for row in self.every
            if row.for_me or (row.ready and self.user.has_perm("practicums.decide", row.secondment))
        ]

    def key(self, row: BoardRow) -> str:
        return row.secondment.code

    def name(self, row: BoardRow) -> str:
        return row.secondment.trainee.name

    def link(self, row: BoardRow) -> str:
        return row.secondment.get_absolute_url()

    def show_standing(self, row: BoardRow) -> str:
        """With the way to what the reader signs."""
        if not row.helps and not row.for_me and not row.ready:
            return format_html('<span class="ink-2">{}</span>', _on_its_way(row))
        parts = [Badge("").html(("wait", sentence)) for sentence in row.helps]
        parts += [
            format_html(
                '<a class="status status-note" href="{}">{}{}</a>',
                item.get_absolute_url(),
                icon("pencil"),
                _("%(item)s: sign") % {"item": item.short_name},
            )
            for item in row.for_me
        ]
        if row.ready:
            parts.append(Badge("").html(("ok", _("All seven done, can be closed"))))
        return format_html_join(mark_safe(" "), "{}", ((part,) for part in parts))

    def count_words(self, count: int) -> str:
        return ngettext("%(total)s person", "%(total)s people", count) % {"total": count}

    def links(self) -> list[Link]:
        """The two short cuts into the list, with how many stand there."""
        found = []
        for show, rows, words in (
            (
                HELP,
                self.helped,
                ngettext("%(helped)s to lend a hand", "%(helped)s to lend a hand", len(self.helped))
                % {"helped": len(self.helped)},
            ),
            (
                MINE,
                self.mine,
                ngettext("%(mine)s waits for me", "%(mine)s wait for me", len(self.mine))
                % {"mine": len(self.mine)},
            ),
        ):
            if rows:
                query = self.request.GET.copy()
                query["show"] = show
                found.append(Link(words, f"{self.url}?{query.urlencode()}"))
        return found

    @property
    def nothing_matches(self) -> str:
        if self.request.GET.get("show"):
            return _("Nobody here at present")
        return _("No secondments here")

    @property
    def nothing(self) -> Nothing:
        return Nothing(
            _("No secondments here"), _("None has been arranged for you or by your unit yet.")
        )


LISTS = (CaseList, SecondmentList)
