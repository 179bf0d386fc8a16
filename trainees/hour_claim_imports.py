"""Hours of another platform, recognised by batch: a list in, the fate of each row, then the ledger.

Each row becomes a claim that is counted, as if it had been handed in and approved one by one.
Source: docs/rules.md R81.
"""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.imports.by_code import BETWEEN_KEYS, FieldColumn
from academy.imports.cells import Mobile, Text
from academy.imports.errors import RowRejected
from academy.imports.importer import Importer
from academy.imports.progress import WRITTEN, counted
from academy.models import ImportRow, RowOutcome
from academy.spreadsheets.cell_text import Rejected, clean, spelled
from academy.spreadsheets.opening import FileRefused
from academy.spreadsheets.table import TableRow, TableRows
from academy.text.phones import masked

from .hour_claim_cells import (
    MINUTES,
    DayOfTraining,
    PersonName,
    RecognisedHours,
    online_time,
    same_name,
)
from .models import ClaimStatus, HourClaim, HourEntry, HourKind, Trainee
from .notices.attendance import OUTSIDE_HOURS_COUNTED, OUTSIDE_HOURS_TAKEN_BACK
from .record.claim_news import Totals
from .record.claims import BATCH_RULE, doubles_among, lessons_of_people
from .record.hours import post, take_back


class OutsideHoursImporter(Importer):
    """其他平台学时: one row per person and training, matched by the mobile number."""

    kind = "outside-hours"
    model = HourClaim  # whose fields the cells fill
    title = gettext_lazy("Study hours of another platform")
    about = gettext_lazy(
        "One row per person and training. What is no double is counted at once; the people are"
        " matched by the mobile number."
    )
    needed = ("phone", "title", "ends_on", "hours")
    fewest = 4
    shows_key = False
    leaves_out_rejected = True
    headline = ("title", "ends_on", "hours")
    numbers = ("hours",)
    sample = "samples/outside-hours.csv"
    unasked = ("序号", "编号", "单位", "街镇", "居村", "职务", "岗位", "性别", "备注", "学习时长")
    columns = (
        FieldColumn(
            "name",
            "姓名",
            "名字 学员姓名 人员姓名 name",
            12,
            gettext_lazy("As on the list of people; it is compared with the number."),
            cell=PersonName(required=True),
        ),
        FieldColumn(
            "phone",
            "手机号",
            "手机 手机号码 电话 联系电话 联系方式 账号 phone",
            14,
            gettext_lazy("11 digits, none of them hidden."),
            cell=Mobile(required=True),
        ),
        FieldColumn(
            "title",
            "培训名称",
            "课程名称 课程 班次名称 培训班 培训班名称 专题 专题名称 学习内容 title",
            36,
            gettext_lazy("What the training is called on the other platform."),
            cell=Text(required=True),
        ),
        FieldColumn(
            "organiser",
            "主办单位",
            "平台 平台名称 学习平台 举办单位 培训单位 来源 organiser",
            24,
            gettext_lazy("The platform or the unit that held it."),
            cell=Text(required=True),
        ),
        FieldColumn(
            "starts_on",
            "开始日期",
            "开始时间 起始日期 starts_on",
            12,
            gettext_lazy("Empty where it was one day."),
            cell=DayOfTraining(),
        ),
        FieldColumn(
            "ends_on",
            "结束日期",
            "完成日期 完成时间 结束时间 结业日期 学习日期 日期 培训日期 ends_on",
            12,
            gettext_lazy("The day on which it was completed, such as 2027-03-01."),
            cell=DayOfTraining(required=True),
        ),
        FieldColumn(
            "hours",
            "学时",
            "获得学时 学时数 认定学时 课时 hours",
            8,
            gettext_lazy("In steps of 0.25; one study hour is 45 minutes."),
            cell=RecognisedHours(required=True),
        ),
    )

    @classmethod
    def may_use(cls, user) -> bool:
        return user.has_perm("trainees.decide_claims")

    def consequence(self) -> str:
        return _(
            "Rows that are counted stand in the ledger of study hours at once. An undo takes the"
            " hours back by counter entries; nothing is deleted from the ledger."
        )

    def in_the_way(self) -> str:
        return "" if self.by else _("Hours are counted by a person of the academy office.")

    # -- reading --

    def read_table(self, content: bytes, name: str):
        """As every table; one that only has the time online is told so. Raises FileRefused."""
        try:
            return super().read_table(content, name)
        except FileRefused:
            if heading := online_time(content, name, self.heading_words()):
                raise FileRefused(
                    _(
                        "“%(heading)s” is time online, which is not counted. Ask the platform for"
                        " a list with the study hours that it recognised (“学时”)."
                    )
                    % {"heading": heading}
                ) from None
            raise

    def begin(self, found: TableRows) -> None:
        """Refuse a column of hours whose heading says minutes. Raises FileRefused."""
        for headings, _texts in found.tables.values():
            for column, text, _sure in headings.values():
                if column == "hours" and any(word in spelled(text) for word in MINUTES):
                    raise FileRefused(
                        _(
                            "“%(heading)s” is minutes. Write the study hours that the platform"
                            " recognised, and send the file again."
                        )
                        % {"heading": clean(text)[:40]}
                    )

    def read(self, line: TableRow) -> tuple[str, dict, list[str]]:
        values, reasons = {}, []
        for column in self.columns:
            try:
                values[column.name] = column.cell.value(self, column, line.cells)
            except Rejected as rejected:
                reasons.append(str(rejected))
        if not reasons and "*" in values["phone"]:
            reasons.append(
                _("“%(column)s” hides digits. Write the number in full.")
                % {"column": self.heading_of("phone")}
            )
        if reasons:
            raise RowRejected(reasons)
        values["starts_on"] = values["starts_on"] or values["ends_on"]
        phone = values.pop("phone")
        return BETWEEN_KEYS.join((phone, values["starts_on"], values["title"])), values, []

    # -- comparing --

    def lock(self, keys: list[str]) -> None:
        people = Trainee.objects.filter(user__phone__in=_phones(keys)).order_by("pk")
        list(people.select_for_update(of=("self",), no_key=True).values_list("pk"))

    def stored(self, rows: list[ImportRow]) -> dict[str, dict]:
        phones = _phones(row.key for row in rows)
        self.people = {
            person.user.phone: person
            for person in Trainee.objects.filter(user__phone__in=phones).select_related("user")
        }
        self.claims: dict[int, list[HourClaim]] = defaultdict(list)
        for claim in HourClaim.objects.standing().filter(trainee__user__phone__in=phones):
            self.claims[claim.trainee_id].append(claim)
        days = [date.fromisoformat(row.values[name]) for row in rows for name in DAYS]
        self.lessons = (
            lessons_of_people([person.pk for person in self.people.values()], min(days), max(days))
            if days
            else {}
        )
        phone_of = {person.pk: phone for phone, person in self.people.items()}
        return {
            BETWEEN_KEYS.join(
                (phone_of[claim.trainee_id], claim.starts_on.isoformat(), claim.title)
            ): _values_of(claim, self.people[phone_of[claim.trainee_id]])
            for claims in self.claims.values()
            for claim in claims
            if claim.status == ClaimStatus.APPROVED
        }

    def differs(self, name: str, old, new) -> bool:
        if name == "hours":
            return Decimal(old) != Decimal(new)
        if name == "name":
            return same_name(old) != same_name(new)
        return spelled(old) != spelled(new) if name == "organiser" else old != new

    def already_in(self, first: ImportRow) -> str:
        return _("The same stands in row %(row)d already.") % {"row": first.row}

    def refusals(self, row: ImportRow, stored: dict | None, keys: set[str]) -> list[str]:
        person = self.people.get(_phone(row.key))
        if person is None:
            return [_("Nobody has this mobile number.")]
        if same_name(person.name) != same_name(row.values["name"]):
            return [_("The mobile number is that of somebody with another name.")]
        if self.by is not None and person.user_id == self.by.pk:
            return [_("Nobody decides their own claim. Ask somebody else of the office.")]
        if stored is not None:
            if any(self.differs(name, stored[name], row.values[name]) for name in row.values):
                return [_("It is counted already, with another day, organiser or number of hours.")]
            return []
        first, last = (date.fromisoformat(row.values[name]) for name in DAYS)
        if last < first:
            return [_("The last day lies before the first day.")]
        if last > timezone.localdate(self.now):
            return [_("It is not over yet.")]
        title = row.values["title"]
        if found := list(
            doubles_among(
                title, first, last, self.claims[person.pk], self.lessons.get(person.pk, [])
            )
        ):
            return found
        # the next row of this person is compared with this one as well
        self.claims[person.pk].append(HourClaim(title=title, starts_on=first, ends_on=last))
        return []

    # -- writing --

    def write(self, rows: list[ImportRow]) -> None:
        HourClaim.objects.bulk_create([self._claim(row) for row in counted(rows, WRITTEN)])

    def _claim(self, row: ImportRow) -> HourClaim:
        """The claim of a row, its hours posted."""
        person, values = self.people[_phone(row.key)], row.values
        first, last = (date.fromisoformat(values[name]) for name in DAYS)
        entry = post(
            trainee=person,
            kind=HourKind.CLAIM,
            hours=Decimal(values["hours"]),
            earned_on=last,
            rule=BATCH_RULE,
            by=self.by,
            now=self.now,
            reason=values["title"],
        )
        return HourClaim(
            trainee=person,
            title=values["title"],
            organiser=values["organiser"],
            starts_on=first,
            ends_on=last,
            hours=entry.hours,
            original_name=self.run.file_name[:120],
            asked_at=self.now,
            asked_by=self.by,
            status=ClaimStatus.APPROVED,
            decided_at=self.now,
            decided_by=self.by,
            entry=entry,
        )

    def footprint(self, rows: list[ImportRow]) -> list[models.QuerySet]:
        return [
            HourClaim.objects.filter(
                trainee__user__phone__in=_phones(row.key for row in rows),
                title__in={row.values["title"] for row in rows},
                starts_on__in={row.values["starts_on"] for row in rows},
            )
        ]

    def make_way(self, rows: list[ImportRow]) -> None:
        """Keep which hours the claims that go now had."""
        there = {record["id"] for record in self.run.before.get(HourClaim._meta.label, [])}
        (claims,) = self.footprint(rows)
        self.to_take_back = list(
            HourEntry.objects.filter(claim__in=claims.exclude(pk__in=there))
            .select_related("trainee__user")
            .order_by("pk")
        )

    def imported(self, rows: list[ImportRow], file_name: str) -> None:
        """Tell each person once what was counted."""
        totals = Totals()
        for row in rows:
            if row.outcome in (RowOutcome.NEW, RowOutcome.CHANGED):
                totals.add(self.people[_phone(row.key)].user, Decimal(row.values["hours"]))
        totals.tell(OUTSIDE_HOURS_COUNTED, self.run, self.now)

    def undone(self, file_name: str, by) -> None:
        take_back(
            self.to_take_back,
            reason=_("The list “%(name)s” was taken back.") % {"name": file_name},
            by=by or self.by,
            now=self.now,
        )
        totals = Totals()
        for entry in self.to_take_back:
            totals.add(entry.trainee.user, entry.hours)
        totals.tell(OUTSIDE_HOURS_TAKEN_BACK, self.run, self.now)

    # -- showing --

    def title_of(self, row: ImportRow) -> str:
        return str(row.values.get("name") or row.cells.get("name") or "")

    def shown(self, name: str, value) -> str:
        if name == "phone":
            return masked(str(value))
        column = next((column for column in self.columns if column.name == name), None)
        return super().shown(name, column.cell.shown(value) if column else value)


DAYS = ("starts_on", "ends_on")


def _phone(key: str) -> str:
    return key.partition(BETWEEN_KEYS)[0]


def _phones(keys) -> set[str]:
    return {_phone(key) for key in keys}


def _values_of(claim: HourClaim, person: Trainee) -> dict:
    return {
        "name": person.name,
        "title": claim.title,
        "organiser": claim.organiser,
        "starts_on": claim.starts_on.isoformat(),
        "ends_on": claim.ends_on.isoformat(),
        "hours": str(claim.hours),
    }
