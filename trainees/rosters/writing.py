"""Writing the people of a roster: accounts, profiles, posts, and a line of history for each change.

A new account has no password: the person logs in by code. Source: docs/rules.md R12, R46.
"""

from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from academy.imports import progress
from academy.imports.snapshots import Snapshot
from academy.models import WRITTEN, ImportRow, PersonChange, PersonChangeKind, RowOutcome, User
from academy.people_history import detail, record_all, unsaved
from academy.people_keys import keep_findable
from academy.text.phones import is_sample_phone

from ..models import LightAccount, LightAccountEnd, Posting, Trainee
from ..people.stroke_order import stroke_key
from .comparing import Known

AT_ONCE = 500  # people
FACTS = ("village", "post", "stage", "gender", "born")  # columns of what a trainee is
OF_A_POSTING = ("village", "post", "extra_posts", "appointed")


def _kind_of(name: str, changed: list[str]) -> PersonChangeKind:
    """What the change of a column is in the history of a person, beside the others of the row."""
    if name in OF_A_POSTING and "village" in changed:
        return PersonChangeKind.MOVED
    if name in OF_A_POSTING and {"post", "extra_posts"} & {*changed}:
        return PersonChangeKind.POSTING
    return PersonChangeKind.STAGE if name == "stage" else PersonChangeKind.CORRECTED


class WritesPeople:
    """Lock, write, and say which rows an undo puts back."""

    def lock(self, keys: list[str]) -> None:
        people = User.objects.filter(phone__in=keys).order_by("pk")
        list(people.select_for_update(no_key=True).values_list("pk"))
        trainees = Trainee.objects.filter(user__phone__in=keys).order_by("pk")
        list(trainees.select_for_update(of=("self",), no_key=True).values_list("pk"))

    def write(self, rows: list[ImportRow]) -> None:
        self.password = make_password(None)  # of no use to anybody, so one for all
        self._facts: dict[tuple, list[int]] = {}  # column and value → keys of the trainees
        for first in range(0, len(rows), AT_ONCE):
            progress.say(progress.WRITTEN, first, len(rows))
            self._write_some(rows[first : first + AT_ONCE])
        for (column, value), keys in self._facts.items():
            Trainee.objects.filter(pk__in=keys).update(**self._fields(column, value))

    def _write_some(self, rows: list[ImportRow]) -> None:
        new = [row for row in rows if row.outcome == RowOutcome.NEW]
        users = [self._new_user(row) for row in new]
        User.objects.bulk_create(users)
        keep_findable(users)
        self.known |= {user.phone: Known(user) for user in users}
        before = {row.key: self._values_of(self.known[row.key]) for row in rows}
        profiles = [row for row in rows if self.known[row.key].trainee is None]
        for row in rows:
            self._fill(self.known[row.key], row)
            for change in row.changes if self.known[row.key].trainee.pk else ():
                if change["name"] in FACTS:
                    fact = (change["name"], change["new"])
                    self._facts.setdefault(fact, []).append(self.known[row.key].trainee.pk)
        Trainee.objects.bulk_create(self.known[row.key].trainee for row in profiles)
        self._end_light_accounts(rows, before)
        self._write_postings(rows, before)
        record_all(line for row in rows for line in self._history(row, before[row.key]))
        for row in rows:
            del self.known[row.key]  # a roster may be long

    def _new_user(self, row: ImportRow) -> User:
        return User(
            phone=row.key,
            password=self.password,
            name=row.values["name"],
            date_joined=self.now,
            is_sample=is_sample_phone(row.key),
        )

    def _fields(self, column: str, value: str) -> dict:
        """What of a trainee a value of the column is."""
        match column:
            case "village":
                return {"village": self.villages[value]}
            case "post":
                return {
                    "position_id": self.positions[value],
                    "learner_group": None,
                    "left_on": None,
                }
            case "stage":
                return {"stage_id": self.stages[value]}
        return {{"born": "born_in"}.get(column, column): value}

    def _fill(self, known: Known, row: ImportRow) -> None:
        """Give the person the village, post and facts of the row; not saved."""
        values = row.values
        if known.trainee is None:
            known.trainee = Trainee(user=known.user, stroke_key=stroke_key(values["name"]))
        for column in FACTS:
            if column in values:
                for field, value in self._fields(column, values[column]).items():
                    setattr(known.trainee, field, value)

    def _end_light_accounts(self, rows: list[ImportRow], before: dict[str, dict]) -> None:
        were_light = [
            self.known[row.key].trainee.pk
            for row in rows
            if before[row.key]["post"].startswith("group:")
        ]
        LightAccount.objects.filter(trainee__in=were_light, ended_at__isnull=True).update(
            ended_at=self.now, end=LightAccountEnd.BECAME_CADRE
        )

    # -- postings --

    def _write_postings(self, rows: list[ImportRow], before: dict[str, dict]) -> None:
        begun: list[Posting] = []
        self._days: dict[tuple, list[int]] = {}  # field and day → keys of postings
        for row in rows:
            known, was = self.known[row.key], before[row.key]
            begun += self._main_posting(known, row.values, was)
            begun += self._extra_postings(known, row.values, was)
        for (field, day), keys in self._days.items():
            Posting.objects.filter(pk__in=keys).update(**{field: day})
        Posting.objects.bulk_create(begun)

    def _begin(self, known: Known, post: str, since: date, *, is_extra: bool = False) -> Posting:
        return Posting(
            trainee=known.trainee,
            village=known.trainee.village,
            position_id=self.positions[post],
            is_extra=is_extra,
            valid_from=since,
        )

    def _since(self, values: dict) -> date:
        """The first day of the month of appointment; today where the row does not say."""
        if month := values.get("appointed"):
            return date.fromisoformat(f"{month}-01")
        return self.today

    def _end(self, posting: Posting, since: date) -> None:
        """The last day is the one before the next post begins, if that is after this one began."""
        day = since if since > posting.valid_from else self.today
        last = max(day - timedelta(days=1), posting.valid_from)
        self._days.setdefault(("valid_to", last), []).append(posting.pk)

    def _main_posting(self, known: Known, values: dict, was: dict) -> list[Posting]:
        """The posting that begins, none where the present one goes on."""
        posting, since = known.main, self._since(values)
        same = was["village"] == values["village"] and was["post"] == values["post"]
        if posting and same:
            if "appointed" in values and was["appointed"] != values["appointed"]:
                self._days.setdefault(("valid_from", since), []).append(posting.pk)
            return []
        if posting:
            self._end(posting, since)
        elif same and "appointed" not in values:
            return []  # nobody knows since when
        known.main = self._begin(known, values["post"], since)
        return [known.main]

    def _extra_postings(self, known: Known, values: dict, was: dict) -> list[Posting]:
        moved = was["village"] != values["village"]
        for posting in known.extra:
            if moved or self.post_names[posting.position_id] not in values["extra_posts"]:
                self._end(posting, self.today)
        held = set() if moved else set(was["extra_posts"])
        return [
            self._begin(known, post, self._since(values), is_extra=True)
            for post in values["extra_posts"]
            if post not in held
        ]

    # -- history --

    def _history(self, row: ImportRow, was: dict) -> list[PersonChange]:
        """A line for each kind of change, with what was and what is."""
        if not was["village"]:
            names = [name for name in row.values if name != "name"]
            lines = {PersonChangeKind.ADDED: names}
        else:
            lines = {}
            changed = [change["name"] for change in row.changes]
            for name in changed:
                lines.setdefault(_kind_of(name, changed), []).append(name)
        return [
            unsaved(
                person=self.known[row.key].user,
                kind=kind,
                by=self.by,
                now=self.now,
                details=[
                    detail(
                        self.heading_of(name),
                        self.shown(name, was[name]),
                        self.shown(name, row.values[name]),
                    )
                    for name in names
                    if row.values[name] or was[name]
                ],
                reason=_("By a roster"),
                import_run=self.run,
            )
            for kind, names in lines.items()
        ]

    def imported(self, rows: list[ImportRow], file_name: str) -> None:
        """Keep which towns the roster was of."""
        towns = {self.villages[row.values["village"]].town.code for row in rows if row.values}
        self.run.context = self.run.context | {"towns": sorted(towns)}
        self.run.save(update_fields=["context"])

    # -- undo --

    def footprint(self, rows: list[ImportRow]) -> list:
        written = ImportRow.objects.filter(run=self.run, outcome__in=WRITTEN).order_by()
        phones = written.values("key")
        new = written.filter(outcome=RowOutcome.NEW).values("key")
        of_them = {"trainee__user__phone__in": phones}
        return [
            User.objects.filter(phone__in=new),  # nothing is written to an account that was there
            Trainee.objects.filter(user__phone__in=phones),
            Posting.objects.filter(**of_them),
            LightAccount.objects.filter(**of_them),
            PersonChange.objects.filter(person__phone__in=phones, import_run=self.run),
        ]

    def parts_of(self, taken: Snapshot, rows: list[ImportRow]) -> dict[str, Snapshot]:
        phones = dict(
            User.objects.filter(trainee__in=self.footprint(rows)[1]).values_list("pk", "phone")
        )
        phones |= {record["id"]: record["phone"] for record in taken["academy.User"]}
        trainees = {
            record["id"]: phones.get(record["user_id"]) for record in taken["trainees.Trainee"]
        }
        owner = {
            "academy.User": lambda record: record["phone"],
            "trainees.Trainee": lambda record: trainees[record["id"]],
            "trainees.Posting": lambda record: trainees.get(record["trainee_id"]),
            "trainees.LightAccount": lambda record: trainees.get(record["trainee_id"]),
            "academy.PersonChange": lambda record: phones.get(record["person_id"]),
        }
        parts: dict[str, Snapshot] = {}
        for label, records in taken.items():
            for record in records:
                if key := owner[label](record):
                    parts.setdefault(key, {}).setdefault(label, []).append(record)
        return parts
