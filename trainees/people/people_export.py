"""The list of people as a workbook with the columns somebody chose.

Text stays text: no cell ever becomes a formula. Mobile numbers are masked, as everywhere. Source:
docs/rules.md R12, R39.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from academy.models import RoleGrant, User
from academy.spreadsheets.writing import Book

from ..models import HourEntry, Posting, Trainee
from .finding import status_of

AT_ONCE = 1_000  # people read together
MOST_EXPORTED = 20_000  # rows of one workbook


@dataclass
class PersonRow:
    """One person of the list, with what is read for a page of them together."""

    person: User
    trainee: Trainee | None
    hours: Decimal = Decimal(0)
    roles: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)

    @property
    def posts(self) -> str:
        if self.trainee is None:
            return ""
        return "、".join([self.trainee.post, *self.extra])

    @property
    def roles_in_words(self) -> str:
        return pgettext("between names", ", ").join(self.roles)

    @property
    def status(self) -> tuple[str, str]:
        return status_of(self.person, self.trainee)


def rows_of(found: Sequence[Trainee | User], today: date) -> list[PersonRow]:
    """The people with their hours of the year, roles and further posts: three queries."""
    rows = [
        PersonRow(item.user, item) if isinstance(item, Trainee) else PersonRow(item, None)
        for item in found
    ]
    trainees = {row.trainee.pk: row for row in rows if row.trainee is not None}
    people = {row.person.pk: row for row in rows}
    for key, hours in (
        HourEntry.objects.filter(trainee__in=trainees, earned_on__year=today.year)
        .order_by()
        .values_list("trainee")
        .annotate(total=Sum("hours"))
    ):
        trainees[key].hours = hours
    for grant in RoleGrant.objects.current(today).filter(user__in=people).order_by("pk"):
        words = str(grant.get_role_display())
        if words not in people[grant.user_id].roles:
            people[grant.user_id].roles.append(words)
    for key, name in Posting.objects.filter(
        trainee__in=trainees, is_extra=True, valid_to__isnull=True
    ).values_list("trainee", "position__name"):
        trainees[key].extra.append(name)
    return rows


@dataclass(frozen=True)
class Column:
    """What a column is called, how wide it is, and what stands in it."""

    heading: str
    width: float
    value: Callable[[PersonRow], str | Decimal | date]


def _of(attribute: Callable[[Trainee], object]) -> Callable[[PersonRow], object]:
    """A value of the training profile; nothing where there is none."""
    return lambda row: "" if row.trainee is None else attribute(row.trainee) or ""


COLUMNS: dict[str, Column] = {
    "name": Column(pgettext_lazy("of a person", "Name"), 12, lambda row: row.person.name),
    "town": Column(gettext_lazy("Street-town"), 14, _of(lambda person: person.village.town.name)),
    "village": Column(
        pgettext_lazy("unit", "Village"), 22, _of(lambda person: person.village.name)
    ),
    "post": Column(pgettext_lazy("of a person", "Post"), 20, lambda row: row.posts),
    "stage": Column(
        gettext_lazy("Growth stage"), 12, _of(lambda person: person.stage and person.stage.name)
    ),
    "phone": Column(gettext_lazy("Phone"), 14, lambda row: row.person.masked_phone),
    "hours": Column(gettext_lazy("Hours this year"), 12, lambda row: row.hours),
    "roles": Column(gettext_lazy("Roles"), 20, lambda row: row.roles_in_words),
    "status": Column(pgettext_lazy("of a person", "State"), 12, lambda row: row.status[1]),
    "gender": Column(gettext_lazy("Gender"), 8, _of(lambda person: person.get_gender_display())),
    "born_in": Column(gettext_lazy("Born in"), 10, _of(lambda person: person.born_in)),
    "left_on": Column(gettext_lazy("Left on"), 12, _of(lambda person: person.left_on)),
}
USUAL = ("name", "town", "village", "post", "stage", "phone", "hours", "roles")


def known(columns: Iterable[str]) -> list[str]:
    """The chosen columns that there are, in the order of the workbook."""
    wanted = set(columns)
    return [name for name in COLUMNS if name in wanted]


def people_workbook(
    *, people: QuerySet[Trainee], staff: QuerySet[User], columns: Iterable[str], today: date
) -> bytes:
    """One person to a row, at most MOST_EXPORTED of them."""
    columns = known(columns)
    book = Book()
    widths = [6.0, *(COLUMNS[name].width for name in columns)]
    sheet = book.sheet(pgettext("navigation", "People"), widths, heading_row=0, frozen_columns=2)
    book.headings(sheet, 0, [_("No."), *(str(COLUMNS[name].heading) for name in columns)])
    number = 0
    for found in (*_portions(people), *_portions(staff)):
        for row in rows_of(found, today):
            number += 1
            book.row(sheet, number, [number, *(COLUMNS[name].value(row) for name in columns)])
    return book.done()


def _portions(people: QuerySet) -> Iterator[list]:
    for start in range(0, MOST_EXPORTED, AT_ONCE):
        portion = list(people[start : start + AT_ONCE])
        if portion:
            yield portion
        if len(portion) < AT_ONCE:
            return
