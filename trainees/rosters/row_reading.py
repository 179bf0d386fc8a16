"""Reading a row of a roster."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from academy.imports.errors import RowRejected
from academy.models import Village, VillageKind
from academy.spreadsheets.cell_text import Rejected, spelled
from academy.spreadsheets.sheet import QuotedText
from academy.spreadsheets.table import TableRow

from ..models import Gender
from .cells import name_in, phone_in, said_in
from .months import is_month_of_a_number, month_in, months_between
from .posts import posts_in

YOUNGEST = 16 * 12  # months of age on taking up a post; labour law of 1994, article 15
EARLIEST = {"appointed": "1950-01", "born": "1920-01"}  # a number read as a date lies before
GENDERS = {
    spelled(word): gender
    for gender, words in ((Gender.FEMALE, "女 女性 F female"), (Gender.MALE, "男 男性 M male"))
    for word in words.split()
}


class ReadsPeople:
    """What each cell of a person says; raises RowRejected with every reason."""

    def read(self, line: TableRow) -> tuple[str, dict, list[str]]:
        self._reasons, self._remarks = [], []
        cells, values = line.cells, {}
        for name in self.needed:
            if name in line.formulas:
                self._reasons.append(
                    _("“%(column)s” is a formula. Paste it as a value.")
                    % {"column": self.heading_of(name)}
                )
        name, phone = self._try(self._name, cells), self._try(self._phone, cells)
        village = self._try(self._village, cells, "village" in line.merged)
        posts = self._try(self._posts, cells, village) or []
        months = {
            column: self._try(self._month, column, cells)
            for column in ("appointed", "born")
            if column in cells
        }
        if not self._reasons:
            self._try(self._in_order, months)
        if self._reasons:
            raise RowRejected(self._reasons)
        values |= {"name": name, "village": village.code, "post": posts[0]}
        values["extra_posts"] = sorted(posts[1:])
        values |= {column: month for column, month in months.items() if month}
        values |= self._optional(cells)
        return phone, values, self._remarks

    def _try(self, reader, *arguments):
        try:
            return reader(*arguments)
        except Rejected as rejected:
            self._reasons.append(str(rejected))
            return None

    def _name(self, cells: dict) -> str:
        name, was_mended = name_in(cells.get("name"))
        if was_mended:
            self._remarks.append(_("The name was read as %(name)s.") % {"name": name})
        return name

    def _phone(self, cells: dict) -> str:
        value = cells.get("phone")
        phone, was_mended = phone_in(value)
        if was_mended or isinstance(value, QuotedText):
            self._remarks.append(_("Signs around the phone number were taken away."))
        return phone

    def _village(self, cells: dict, is_merged: bool) -> Village:
        text = said_in(cells.get("village"))
        if not text:
            raise Rejected(_("The unit is missing. Write the full name of the village."))
        towns, town = self.towns, said_in(cells.get("town"))
        if town:
            named = self.units.town(town)
            if towns is not None and named.pk not in towns:
                raise Rejected(
                    _("The row is of %(town)s. A street-town imports its own people only.")
                    % {"town": named.name}
                )
            towns = frozenset({named.pk})
        found = self.units.find(text, towns)
        if is_merged:
            self._remarks.append(
                _("The unit was taken from the merged cell: %(unit)s.")
                % {"unit": found.village.name}
            )
        elif not found.is_whole:
            self._remarks.append(
                _("“%(text)s” was read as %(unit)s.")
                % {"text": text[:40], "unit": found.village.name}
            )
        return found.village

    def _posts(self, cells: dict, village: Village | None) -> list[str]:
        text = said_in(cells.get("post"))
        if not text:
            raise Rejected(_("The post is missing."))
        posts = posts_in(text, village.kind if village else VillageKind.NEIGHBOURHOOD, self.posts)
        if spelled(text) not in map(spelled, posts) or len(posts) > 1:
            self._remarks.append(
                _("“%(text)s” was read as %(posts)s.")
                % {"text": text[:40], "posts": _(", also ").join(posts)}
            )
        return posts

    def _month(self, column: str, cells: dict) -> str:
        value = cells[column]
        text = said_in(value)
        if not text:
            return ""
        heading = self.heading_of(column)
        month = month_in(value, heading)
        if month < EARLIEST[column]:
            raise Rejected(
                _("“%(column)s” is %(month)s, which is too long ago. Check the year.")
                % {"column": heading, "month": month}
            )
        if is_month_of_a_number(value):
            self._remarks.append(
                _(
                    "“%(column)s” shows %(text)s: read as January. Format the cell as text if it is"
                    " October."
                )
                % {"column": heading, "text": text}
            )
        elif text != month and not isinstance(value, (date, datetime)):
            self._remarks.append(
                _("“%(column)s” was read as %(month)s.") % {"column": heading, "month": month}
            )
        return month

    def _in_order(self, months: dict) -> None:
        appointed, born = months.get("appointed"), months.get("born")
        if appointed and appointed > self.filed:
            raise Rejected(
                _("Appointed in %(month)s, after the month of the roster, %(filed)s.")
                % {"month": appointed, "filed": self.filed}
            )
        if born and months_between(born, appointed or self.filed) < YOUNGEST:
            raise Rejected(
                _("Born in %(born)s, so not yet 16 years old in %(month)s. Check both months.")
                % {"born": born, "month": appointed or self.filed}
            )

    def _optional(self, cells: dict) -> dict:
        """Gender and stage where the cell names one; what names none is told and left out."""
        values = {}
        for column, known in (("gender", GENDERS), ("stage", self._stages_by_spelling())):
            text = said_in(cells.get(column))
            if spelled(text) in known:
                values[column] = str(known[spelled(text)])
            elif text:
                self._remarks.append(
                    _("“%(text)s” in “%(column)s” is not known and was not read.")
                    % {"text": text[:20], "column": self.heading_of(column)}
                )
        return values

    def _stages_by_spelling(self) -> dict[str, str]:
        return {spelled(name): name for name in self.stages}
