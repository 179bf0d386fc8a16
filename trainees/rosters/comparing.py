"""Comparing the rows of a roster with the people there are."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from academy.models import ImportRow, PersonKey, User
from academy.people_keys import TAIL, spelt_key
from academy.spreadsheets.cell_text import Rejected
from academy.spreadsheets.table import TableRows
from academy.text.names import spelt_name
from academy.text.phones import masked

from ..models import Posting, Trainee
from .cells import phone_in


@dataclass
class Known:
    """A person who has the number of a row, with what the roster may change."""

    user: User
    trainee: Trainee | None = None
    main: Posting | None = None
    extra: list[Posting] = field(default_factory=list)


class ComparesPeople:
    """Match by phone, warn of namesakes, refuse what would make one person of two."""

    def stored(self, rows: list[ImportRow]) -> dict[str, dict]:
        phones = {row.key for row in rows}
        self.names_in_file = {row.key: row.values["name"] for row in reversed(rows)}
        self.rows_in_file = {row.key: row.row for row in reversed(rows)}
        self.known = {
            user.phone: Known(user)
            for user in User.objects.filter(phone__in=phones)
            .only("phone", "name", "merged_into")
            .order_by("pk")
        }
        by_user = {known.user.pk: known for known in self.known.values()}
        by_trainee = {}
        for trainee in Trainee.objects.filter(user__phone__in=phones):
            by_user[trainee.user_id].trainee = trainee
            by_trainee[trainee.pk] = by_user[trainee.user_id]
        for posting in Posting.objects.filter(
            trainee__user__phone__in=phones, valid_to__isnull=True
        ):
            known = by_trainee[posting.trainee_id]
            if posting.is_extra:
                known.extra.append(posting)
            else:
                known.main = posting
        self.namesakes = self._namesakes({row.values["name"] for row in rows})
        return {phone: self._values_of(known) for phone, known in self.known.items()}

    def _values_of(self, known: Known) -> dict:
        """What is stored of a person, in the shape of a row.

        A post says by what stands before it that it was left, or that it is a group's.
        """
        trainee = known.trainee
        values = {"name": spelt_name(known.user.name), "village": "", "post": "", "extra_posts": []}
        values |= {"appointed": "", "gender": "", "born": "", "stage": ""}
        if trainee is None:
            return values
        if trainee.is_light:
            post = f"group:{trainee.learner_group.name}"
        else:
            post = f"{'left:' if trainee.left_on else ''}{self.post_names[trainee.position_id]}"
        return values | {
            "village": self.village_codes[trainee.village_id],
            "post": post,
            "extra_posts": sorted(self.post_names[posting.position_id] for posting in known.extra),
            "appointed": f"{known.main.valid_from:%Y-%m}" if known.main else "",
            "gender": trainee.gender,
            "born": trainee.born_in,
            "stage": self.stage_names.get(trainee.stage_id, ""),
        }

    @staticmethod
    def _namesakes(names: set[str]) -> dict[str, list[tuple[str, str]]]:
        """Name → (phone, code of the village) of each cadre of that name."""
        found: dict[str, list[tuple[str, str]]] = {}
        for name, phone, village in (
            Trainee.objects.cadres()
            .filter(user__name__in=names)
            .order_by("pk")
            .values_list("user__name", "user__phone", "village__code")
        ):
            found.setdefault(name, []).append((phone, village))
        return found

    def conclude(self, rows: list[ImportRow], found: TableRows) -> None:
        """Give rejected rows their phone, so that nobody counts as missing; tell of moves and of
        namesakes.
        """
        for row in rows:
            if not row.values:
                try:
                    row.key = phone_in(row.cells.get("phone"))[0]
                except Rejected:
                    row.key = ""
        readable = [row for row in rows if row.values]
        stored = self.stored(readable)
        seen: dict[tuple[str, str], ImportRow] = {}
        for row in readable:
            self._tell_of_a_move(row, stored.get(row.key))
            self._tell_of_namesakes(row, seen)
        self._tell_of_likeness([row for row in readable if row.key not in stored])

    def _tell_of_a_move(self, row: ImportRow, stored: dict | None) -> None:
        if not stored or not stored["village"] or stored["village"] == row.values["village"]:
            return
        if stored["post"].startswith(("group:", "left:")):
            return
        row.remarks.append(
            _(
                "Moves from %(unit)s: the post there ends and a new one begins. Bookings keep the"
                " unit of their day."
            )
            % {"unit": self.shown("village", stored["village"])}
        )

    def _tell_of_namesakes(self, row: ImportRow, seen: dict) -> None:
        name, village = row.values["name"], row.values["village"]
        for phone, of in self.namesakes.get(name, ()):
            if of == village and phone != row.key and phone not in self.names_in_file:
                row.remarks.append(
                    _(
                        "%(name)s is in this unit already, with the number %(phone)s. If it is the"
                        " same person, change the number there instead; the two are not joined."
                    )
                    % {"name": name, "phone": masked(phone)}
                )
        first = seen.setdefault((name, village), row)
        if first is not row and first.key != row.key:
            row.remarks.append(
                _("Row %(row)d has the same name and unit with another number; both are kept.")
                % {"row": first.row}
            )

    def _tell_of_likeness(self, rows: list[ImportRow]) -> None:
        """Of new people: who is on file and called alike, in the same unit or with the same end of
        the number. The same name in the same unit has been told of.
        """
        keys = {row.key: spelt_key(row.values["name"]) for row in rows}
        known: dict[str, list[Trainee]] = {}
        for item in (
            PersonKey.objects.filter(key__in=set(keys.values()), person__trainee__left_on=None)
            .exclude(person__trainee=None)
            .select_related("person__trainee__village")
            .order_by("person")
        ):
            known.setdefault(item.key, []).append(item.person.trainee)
        for row in rows:
            for trainee in known.get(keys[row.key], ()):
                person, unit = trainee.user, trainee.village
                same_unit = unit.code == row.values["village"]
                same_end = person.phone[-TAIL:] == row.key[-TAIL:]
                told = same_unit and person.name == row.values["name"] and not trainee.is_light
                elsewhere = self.towns is not None and unit.town_id not in self.towns
                if told or elsewhere or not (same_unit or same_end):
                    continue
                row.remarks.append(
                    _(
                        "May be on file already: %(name)s, %(phone)s, %(unit)s. The two are not"
                        " joined; compare them after the import."
                    )
                    % {
                        "name": person.name,
                        "phone": person.masked_phone,
                        "unit": self.shown("village", unit.code),
                    }
                )
                break

    def already_in(self, first: ImportRow) -> str:
        return _("The number is that of row %(row)d, %(name)s. Check whose it is.") % {
            "row": first.row,
            "name": first.values["name"],
        }

    def refusals(self, row: ImportRow, stored: dict | None, keys: set[str]) -> list[str]:
        if stored is not None and self.known[row.key].user.merged_into_id is not None:
            stays = self.known[row.key].user.stays_as
            return [
                _(
                    "The entry with this number was joined with another one of %(name)s. Write the"
                    " number %(phone)s."
                )
                % {"name": row.values["name"], "phone": stays.masked_phone}
            ]
        if stored is None or stored["name"] == row.values["name"]:
            return []
        for phone, _village in self.namesakes.get(row.values["name"], ()):
            if phone != row.key and self.names_in_file.get(phone) == stored["name"]:
                return [
                    _(
                        "%(name)s and %(other)s (row %(row)d) have each other's number. If they"
                        " changed numbers, change them on their own pages first."
                    )
                    % {
                        "name": row.values["name"],
                        "other": stored["name"],
                        "row": self.rows_in_file[phone],
                    }
                ]
        if self._may_know(self.known[row.key]):
            return [
                _("The number belongs to %(other)s here. Check the number and the name.")
                % {"other": stored["name"]}
            ]
        return [_("The number belongs to somebody else here. Check the number and the name.")]

    def _may_know(self, known: Known) -> bool:
        """Whether the person who imports may read the name of somebody whose number they sent."""
        return self.towns is None or bool(
            known.trainee
            and known.trainee.position_id
            and self.villages[self.village_codes[known.trainee.village_id]].town_id in self.towns
        )
