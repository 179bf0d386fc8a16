"""Secondments as a table: who practises where, from when to when, with which mentor.

People come from the roster; a mentor whom nobody knows yet gets an account without a password.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.access import is_office
from academy.imports.by_code import FieldColumn, TableByCode
from academy.imports.cells import Cell, Code, Day, Link, Mobile, Text, checked
from academy.imports.progress import WRITTEN, counted
from academy.models import Department, ImportRow, RowOutcome, User
from academy.people_keys import keep_findable
from academy.spreadsheets.cell_text import EMPTY_WORDS, Rejected, clean, spelled
from academy.spreadsheets.table import TableRow, TableRows
from academy.text.names import name_in
from academy.text.phones import is_sample_phone, mobile_in

from .models import Secondment, SecondmentBatch, SevenItem
from .seven_items.signers import due_date, seven_items_for


@dataclass(frozen=True)
class NameOf(Cell):
    """The name of somebody whom the number beside it tells; compared, never written."""

    required: bool = True
    path: tuple[str, ...] = ()

    def read(self, table, column, value) -> str:
        return clean(value)

    def of(self, table, column, item: Secondment) -> str:
        for name in self.path:
            item = getattr(item, name)
        return item.name

    def put(self, table, column, item, value) -> None:
        """It belongs to the person."""


@dataclass(frozen=True)
class NumberOf(Mobile):
    """The mobile number of somebody; hidden digits leave the person as it is."""

    required: bool = True
    path: tuple[str, ...] = ()

    def of(self, table, column, item: Secondment) -> str:
        for name in self.path:
            item = getattr(item, name)
        return item.phone

    def put(self, table, column, item: Secondment, value: str) -> None:
        if "*" not in value:
            table.take(column.name, item, value)


@dataclass(frozen=True)
class Batch(Link):
    """A batch by its name, or by programme and name where two programmes have one of that name."""

    by: str = "whole_name"

    def found(self, table, column, text: str) -> str:
        whole = {spelled(name): name for name in table.keys_of(self)}
        return whole.get(spelled(text)) or super().found(table, column, text)


@dataclass(frozen=True)
class Host(Link):
    """The department of the host, by code or the name beside it; others are no department here."""

    def value(self, table, column, cells: Mapping) -> str | None:
        name = clean(cells.get(self.beside))
        if clean(cells.get(column.name)) in EMPTY_WORDS and not table.by_name(self).get(
            spelled(name)
        ):
            return None
        return super().value(table, column, cells)


class SecondmentImporter(TableByCode):
    """挂职: one row per secondment, matched by its code. Source: docs/rules.md R33."""

    kind, model, titled_by = "secondments", Secondment, "trainee_name"
    needed, fewest = ("code", "trainee_name"), 4
    related = ("batch", "trainee__user", "mentor", "host_department")
    title = gettext_lazy("Secondments")
    about = gettext_lazy(
        "Secondments, one row each, matched by code. The people stand in the roster already; the"
        " batch is made under the kept tables."
    )
    columns = (
        FieldColumn(
            "code",
            "挂职编号",
            "编号 代码 挂职代码 secondment_code",
            12,
            gettext_lazy("Capital letters, digits and hyphens. It never changes."),
            cell=Code(),
        ),
        FieldColumn(
            "batch",
            "批次",
            "挂职批次 所属批次 batch",
            20,
            gettext_lazy("As it stands under the kept tables, such as 2026年第一批."),
            cell=Batch(required=True, to=SecondmentBatch),
        ),
        FieldColumn(
            "trainee_name",
            "姓名",
            "挂职人员 挂职干部 学员姓名 cadre_name",
            12,
            cell=NameOf(path=("trainee", "user")),
        ),
        FieldColumn(
            "trainee",
            "手机号",
            "手机 电话 联系电话 手机号码 挂职人员手机 phone",
            14,
            gettext_lazy("As in the roster. 138****5678 leaves the person as it is."),
            cell=NumberOf(path=("trainee", "user")),
        ),
        FieldColumn(
            "host_department",
            "接收单位代码",
            "部门代码 host_department_code",
            10,
            gettext_lazy("Such as D08; empty where the host is no department of the portal."),
            cell=Host(to=Department, beside="host_name"),
        ),
        FieldColumn(
            "host_name",
            "接收单位",
            "挂职单位 接收部门 挂职部门 host_department",
            28,
            cell=Text(required=True),
        ),
        FieldColumn(
            "starts_on",
            "开始日期",
            "起始日期 挂职开始 开始时间 start",
            12,
            gettext_lazy("The first day, such as 2027-01-01."),
            cell=Day(required=True),
        ),
        FieldColumn(
            "ends_on",
            "结束日期",
            "截止日期 挂职结束 结束时间 end",
            12,
            gettext_lazy("The last day, such as 2027-06-30."),
            cell=Day(required=True),
        ),
        FieldColumn(
            "mentor_name",
            "带教老师",
            "带教人 导师 带教导师 mentor",
            12,
            cell=NameOf(path=("mentor",)),
        ),
        FieldColumn(
            "mentor",
            "带教老师手机",
            "带教手机 导师手机 mentor_phone",
            14,
            gettext_lazy("The mentor logs in with it; whoever is new gets an account."),
            cell=NumberOf(path=("mentor",)),
        ),
        FieldColumn(
            "project_title",
            "实践项目",
            "项目名称 实践项目名称 project_title",
            30,
            cell=Text(),
        ),
        FieldColumn("case_title", "工作案例", "案例名称 工作案例名称 case_title", 30, cell=Text()),
    )
    PEOPLE = (("trainee", "trainee_name"), ("mentor", "mentor_name"))

    @classmethod
    def may_use(cls, user) -> bool:
        return is_office(user)

    def consequence(self) -> str:
        return _(
            "A new secondment begins with its seven items, none of them started. A mentor who is"
            " new gets an account without a password."
        )

    def page(self) -> str:
        return reverse("practicums:board")

    # -- people --

    def begin(self, found: TableRows) -> None:
        """Look the people of the file up once."""
        self._look_up(
            mobile_in(clean(line.cells.get(column)))
            for line in found.rows
            for column, _n in self.PEOPLE
        )

    def _look_up(self, phones: Iterable[str]) -> None:
        users = User.objects.filter(phone__in=set(phones)).select_related("trainee")
        self.people = {user.phone: user for user in users}

    def read(self, line: TableRow) -> tuple[str, dict, list[str]]:
        key, values, remarks = super().read(line)
        phone = values.get("mentor", "")
        if phone and "*" not in phone and phone not in self.people:
            remarks.append(_("The mentor is new here and gets an account."))
        return key, values, remarks

    def stored(self, rows: list[ImportRow]) -> dict[str, dict]:
        self._look_up(
            row.values[name] for row in rows for name, _n in self.PEOPLE if name in row.values
        )
        found = super().stored(rows)
        running = Secondment.objects.running().filter(
            trainee__user__phone__in=[row.values.get("trainee") for row in rows]
        )
        self.away = dict(running.values_list("trainee__user__phone", "code"))
        return found

    def take(self, name: str, item: Secondment, phone: str) -> None:
        """Put the person of the number into the row."""
        if name == "mentor":
            item.mentor = self.people[phone]
        else:
            item.trainee = self.people[phone].trainee

    # -- what stands against a row --

    def refusals(self, row: ImportRow, stored: dict | None, keys: set[str]) -> list[str]:
        reasons = super().refusals(row, stored, keys)
        values = (stored or {}) | row.values
        if (
            values.get("starts_on")
            and values.get("ends_on")
            and (values["ends_on"] <= values["starts_on"])
        ):
            reasons.append(_("The last day lies before the first day."))
        item = self.present.get(row.key)
        if (
            item
            and not item.is_running
            and any(self.differs(name, stored[name], value) for name, value in row.values.items())
        ):
            reasons.append(_("This secondment has ended and stays as it is."))
        for phone, name in self.PEOPLE:
            reasons += self._against_person(row, stored, phone, name)
        return reasons

    def _against_person(
        self, row: ImportRow, stored: dict | None, column: str, name_column: str
    ) -> Iterable[str]:
        phone = row.values.get(column, "")
        name = row.values.get(name_column, "")
        is_new = stored is None or (
            column in row.values and self.differs(column, stored[column], phone)
        )
        if not is_new:
            if stored and name and name != stored[name_column]:
                yield _("“%(column)s” is not the name of the person who stands there.") % {
                    "column": self.heading_of(name_column)
                }
            return
        if not phone or "*" in phone:
            return
        person = self.people.get(phone)
        if person and name and person.name != name:
            yield _("“%(column)s” is the number of somebody with another name.") % {
                "column": self.heading_of(column)
            }
        if column != "trainee":
            if person is None:
                yield from _against_name(name)
            return
        if stored is not None:
            yield _("A secondment stays with its person. End it and begin another one.")
        trainee = getattr(person, "trainee", None)
        if trainee is None or trainee.is_light:
            yield _("Nobody in the roster has this number. Import the roster first.")
        elif self.away.get(phone, row.key) != row.key:
            yield _("This person is on a secondment already.")

    # -- writing --

    def write(self, rows: list[ImportRow]) -> None:
        self._add_mentors(rows)
        for row in counted(rows, WRITTEN):
            is_new = row.outcome == RowOutcome.NEW
            item = self.new_item(row) if is_new else self.present[row.key]
            before = (item.starts_on, item.ends_on)
            for name, value in row.values.items():
                self.by_column[name].cell.put(self, self.by_column[name], item, value)
            if is_new:
                trainee = item.trainee
                item.village_id, item.town_id = trainee.village_id, trainee.village.town_id
                item.position_id = trainee.position_id
            item.save()
            if is_new:
                SevenItem.objects.bulk_create(seven_items_for(item))
            elif before != (item.starts_on, item.ends_on):
                _move_due_days(item, *before)

    def _add_mentors(self, rows: list[ImportRow]) -> None:
        new = {
            row.values["mentor"]: row.values["mentor_name"]
            for row in rows
            if "*" not in row.values.get("mentor", "*") and row.values["mentor"] not in self.people
        }
        for phone, name in new.items():
            user = User(
                phone=phone, name=name, is_sample=is_sample_phone(phone), date_joined=self.now
            )
            user.set_unusable_password()
            user.save()
            self.people[phone] = user
        keep_findable(User.objects.filter(phone__in=new))

    def footprint(self, rows: list[ImportRow]) -> list[models.QuerySet]:
        items = Secondment.objects.filter(code__in=[row.key for row in rows])
        phones = {row.values["mentor"] for row in rows if row.values.get("mentor")}
        # of the mentors only those whom this import has added
        added = self.run.imported_at if self.run and self.run.imported_at else self.now
        return [
            User.objects.filter(phone__in=phones, date_joined=added),
            items,
            SevenItem.objects.filter(secondment__in=items),
        ]


def _against_name(name: str) -> Iterable[str]:
    """What stands against the name of somebody new."""
    try:
        checked(name_in, name)
    except Rejected as rejected:
        yield str(rejected)


def _move_due_days(item: Secondment, starts_on: date, ends_on: date) -> None:
    """Items that are due by the days of the secondment move with them; a day that somebody set and
    what is signed stay.
    """
    for seven in item.items.all():
        if not seven.is_signed and seven.due_on == due_date(seven.kind, starts_on, ends_on):
            seven.due_on = due_date(seven.kind, item.starts_on, item.ends_on)
            seven.save(update_fields=["due_on"])
