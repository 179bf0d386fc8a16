"""Taking over the list of secondments that the office keeps: people, hosts, terms, and how far the
seven items are.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.imports.loading import LoadReport, upsert
from academy.models import Department, Position, User, Village
from academy.people_keys import keep_findable
from academy.spreadsheets.csv_files import Record, read_csv
from academy.text.phones import is_sample_phone
from trainees.models import Posting, Trainee
from trainees.people.light_accounts import become_cadre
from trainees.people.stroke_order import stroke_key

from .models import (
    ItemKind,
    Secondment,
    SecondmentBatch,
)
from .roster_items import DONE, NOT_STARTED, UNDER_WAY, RosterRow, take_over_items

COLUMNS = (
    "secondment_code",
    "programme",
    "batch",
    "cadre_name",
    "phone",
    "village_code",
    "village_name",
    "town",
    "home_post",
    "host_department_code",
    "host_department",
    "mentor",
    "start",
    "end",
    "project_title",
    "case_title",
    *ItemKind.values,
)
# The list gives mentors no phone, and a person logs in with one. A mentor of sample data gets
# 19900008000 + the number of
# the first secondment they mentor: that block is free in all sample files (experts 199000000xx and
# 199000001xx, secondees
# 199000002xx, rosters 199000010xx to 199000030xx, demonstration 199000040xx and 199000090xx). A
# column `mentor_phone`
# in the file goes before it.
FIRST_MENTOR_PHONE = 19900008000
MENTOR_PHONES = 1_000


def load_secondments(
    path: Path | str, *, today: date, evidence: Mapping[str, str] | None = None
) -> LoadReport:
    """Load the list; all or nothing, and a second run changes nothing. Raises TableError with file,
    row and column.

    A changed row updates the secondment. What has happened in the portal stays: an item only moves
    forward, and only while nobody has worked on it here. `evidence` is kind of item → what a person
    handed in, with {host}, {project}, {case}, {mentor}, {name} of the row; without it the items say
    that they were taken over.
    """
    rows = _checked(read_csv(path, COLUMNS), evidence)
    report = LoadReport()
    now = timezone.make_aware(datetime.combine(today, time(8, 0)))
    with transaction.atomic():
        users = _people(rows, report)
        trainees = _trainees(rows, users, report, now)
        batches = _batches(rows, report)
        there = set(
            Secondment.objects.filter(code__in=[row.code for row in rows]).values_list(
                "code", flat=True
            )
        )
        secondments = upsert(
            Secondment, "code", [_secondment(row, users, trainees, batches) for row in rows], report
        )
        # who works on one goes first
        locked = (
            Secondment.objects.filter(code__in=secondments)
            .order_by("pk")
            .select_for_update()
            .values_list("pk", flat=True)
        )
        secondments = {
            item.code: item for item in Secondment.objects.filter(pk__in=list(locked)).with_people()
        }
        for row in rows:
            report.changed += take_over_items(
                row, secondments[row.code], now, is_new=row.code not in there
            )
    return report


def _checked(records: list[Record], evidence: Mapping[str, str] | None) -> list[RosterRow]:
    villages = {village.code: village for village in Village.objects.select_related("town")}
    positions = {position.name: position for position in Position.objects.all()}
    departments = {department.code: department for department in Department.objects.all()}
    rows, codes, phones, mentors = [], {}, {}, {}
    for record in records:
        row = _checked_row(record, villages, positions, departments, evidence)
        for seen, column, value in (
            (codes, "secondment_code", row.code),
            (phones, "phone", row.phone),
        ):
            if value in seen:
                raise record.wrong(
                    column,
                    _("“%(value)s” stands in row %(row)d already")
                    % {
                        "value": value,
                        "row": seen[value],
                    },
                )
            seen[value] = record.row
        row.mentor_phone = mentors.setdefault((row.mentor_name, row.host_name), row.mentor_phone)
        rows.append(row)
    return rows


def _checked_row(
    record: Record,
    villages: dict,
    positions: dict,
    departments: dict,
    evidence: Mapping[str, str] | None,
) -> RosterRow:
    village = record.one_of("village_code", villages)
    for column, name in (("village_name", village.name), ("town", village.town.name)):
        if record[column] != name:
            raise record.wrong(
                column,
                _("“%(value)s” does not belong to the code, which is “%(name)s”")
                % {
                    "value": record[column][:40],
                    "name": name,
                },
            )
    code, start, end = record.code("secondment_code", 20), record.day("start"), record.day("end")
    if end <= start:
        raise record.wrong("end", _("the last day lies before the first day"))
    host_code = record["host_department_code"]
    record.required("phone", 40)
    phone = record.mobile("phone")
    states = {
        kind: record.one_of(kind, {DONE: DONE, UNDER_WAY: UNDER_WAY, NOT_STARTED: NOT_STARTED})
        for kind in ItemKind.values
    }
    row = RosterRow(
        record=record,
        code=code,
        name=record.person("cadre_name", 40),
        phone=phone,
        village=village,
        position=record.one_of("home_post", positions),
        department=record.one_of("host_department_code", departments) if host_code else None,
        host_name=record.required("host_department", 60),
        mentor_name=record.person("mentor", 40),
        mentor_phone=_mentor_phone(record, code, phone),
        starts_on=start,
        ends_on=end,
        states=states,
    )
    words = {
        "host": row.host_name,
        "project": record.text("project_title", 120),
        "case": record.text("case_title", 120),
        "mentor": row.mentor_name,
        "name": row.name,
    }
    if evidence:
        row.texts = {kind: text.format(**words) for kind, text in evidence.items()}
    else:  # nobody invents what a real person did
        row.texts = {
            kind: _("Taken over from the list of the office: %(state)s") % {"state": state}
            for kind, state in states.items()
        }
    return row


def _mentor_phone(record: Record, code: str, phone: str) -> str:
    if record.values.get("mentor_phone"):
        return record.mobile("mentor_phone")
    number = code.rpartition("-")[2]
    if not (
        number.isascii()
        and number.isdecimal()
        and int(number) < MENTOR_PHONES
        and is_sample_phone(phone)
    ):
        raise record.wrong(
            "mentor", _("a mentor needs a mobile number to log in; add a column mentor_phone")
        )
    return str(FIRST_MENTOR_PHONE + int(number))


def _people(rows: list[RosterRow], report: LoadReport) -> dict[str, User]:
    """Everybody by phone.

    A phone that is another person's is refused: people are never merged by chance.
    """
    wanted: dict[str, tuple[str, Record, str]] = {}
    for row in rows:
        for phone, name, column in (
            (row.phone, row.name, "cadre_name"),
            (row.mentor_phone, row.mentor_name, "mentor"),
        ):
            if wanted.setdefault(phone, (name, row.record, column))[0] != name:
                raise row.record.wrong(
                    column,
                    _("the mobile number %(phone)s is %(name)s's in this file")
                    % {
                        "phone": phone,
                        "name": wanted[phone][0],
                    },
                )
    users = {user.phone: user for user in User.objects.filter(phone__in=wanted)}
    new = []
    for phone, (name, record, column) in wanted.items():
        if phone not in users:
            user = User(phone=phone, name=name, is_sample=is_sample_phone(phone))
            user.set_unusable_password()
            new.append(user)
        elif users[phone].name != name:
            raise record.wrong(
                column,
                _("the mobile number %(phone)s is already used by another person")
                % {"phone": phone},
            )
    User.objects.bulk_create(new)
    keep_findable(User.objects.filter(phone__in=[user.phone for user in new]))
    report.new += len(new)
    report.same += len(users)
    return {user.phone: user for user in User.objects.filter(phone__in=wanted)}


def _trainees(
    rows: list[RosterRow], users: dict[str, User], report: LoadReport, now: datetime
) -> dict[str, Trainee]:
    """The secondees by phone.

    Who has a post keeps it: the list is no roster of posts. Who had a light account gets one.
    """
    found = {
        trainee.user_id: trainee for trainee in Trainee.objects.filter(user__in=users.values())
    }
    for row in rows:
        user = users[row.phone]
        if user.pk in found:
            if found[user.pk].is_light:
                found[user.pk] = become_cadre(
                    trainee=found[user.pk],
                    village=row.village,
                    position=row.position,
                    on=row.starts_on,
                    now=now,
                )
                report.changed += 1
            else:
                report.same += 1
            continue
        found[user.pk] = Trainee.objects.create(
            user=user, village=row.village, position=row.position, stroke_key=stroke_key(row.name)
        )
        Posting.objects.create(
            trainee=found[user.pk],
            village=row.village,
            position=row.position,
            valid_from=row.starts_on,
        )
        report.new += 1
    return {row.phone: found[users[row.phone].pk] for row in rows}


def _batches(rows: list[RosterRow], report: LoadReport) -> dict[tuple[str, str], SecondmentBatch]:
    """A batch runs from the first to the last day of its people, as far as the portal does not know
    it already.
    """
    spans: dict[tuple[str, str], tuple[date, date]] = {}
    for row in rows:
        key = (row.record.required("programme", 40), row.record.required("batch", 40))
        start, end = spans.get(key, (row.starts_on, row.ends_on))
        spans[key] = (min(start, row.starts_on), max(end, row.ends_on))
    batches = {}
    for (programme, name), (start, end) in spans.items():
        batches[programme, name], created = SecondmentBatch.objects.get_or_create(
            programme=programme, name=name, defaults={"starts_on": start, "ends_on": end}
        )
        report.new += created
        report.same += not created
    return batches


def _secondment(
    row: RosterRow, users: dict[str, User], trainees: dict[str, Trainee], batches: dict
) -> dict:
    return {
        "code": row.code,
        "batch_id": batches[row.record["programme"], row.record["batch"]].pk,
        "trainee_id": trainees[row.phone].pk,
        "village_id": row.village.pk,
        "town_id": row.village.town_id,
        "position_id": row.position.pk,
        "host_department_id": row.department.pk if row.department else None,
        "host_name": row.host_name,
        "mentor_id": users[row.mentor_phone].pk,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "project_title": row.record["project_title"],
        "case_title": row.record["case_title"],
    }
