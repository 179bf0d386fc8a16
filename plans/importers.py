"""An annual plan as a table: whose rows and which year they are, what they say, and what importing
them does.

A row is matched with an item of the plan by its training name (the second of one name with the
second). Items that the file does not name stay, after those it names. What could be wrong without
being seen is asked or refused: a column that is missing, money whose unit is not certain, rows of
another unit.
"""

from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.imports.importer import Importer
from academy.models import ImportRow
from academy.spreadsheets.cell_text import spelled
from academy.spreadsheets.table import TableRows

from .drafting.course_matching import match_courses
from .imports.columns import COLUMNS
from .imports.composites import CLOCK_HOURS, PAIRS, kind_by_unit, pair_named_by
from .imports.conclusions import ConcludesPlan
from .imports.groups import parts_of_groups
from .imports.row_reading import ReadsItems
from .imports.storing import StoresItems
from .imports.surroundings import rate_of
from .imports.table_context import NUMBERS
from .imports.whole_file import ReadsWholeFile
from .models import AnnualPlan, Owner
from .owners import UnknownOwner, drafts_for, owner_named
from .projects.importer import ProjectImporter


class PlanImporter(ReadsWholeFile, ReadsItems, ConcludesPlan, StoresItems, Importer):
    """年度培训方案: one row per training, for one owner and one year."""

    kind = "plan"
    sample = "samples/plan.csv"
    title = gettext_lazy("Annual plan")
    about = gettext_lazy(
        "One row per training, matched by its name. Items that the file does not name stay as they"
        " are."
    )
    upload_page = "plans:import_upload"
    needed = ("name",)
    fewest = 4
    asks_about_strange_tables = True
    truths = ("other_system_cadres",)
    numbers = NUMBERS
    other_endings = (
        "标准 师资 教师 讲师 授课人 主讲人 主持人 意见 要求 成效 单价 类别 类型 层次 级别 签字"
    )
    shows_key = False
    offers_leaving_out = True
    headline = ("people", "runs", "months", "budget")
    columns = COLUMNS

    def guesses(self, found: TableRows) -> dict[str, str]:
        """A heading that names two numbers, such as 时长（天/学时） or 期数、人数, is that of both
        and never of one of them; 总费用 goes before 人均费用, and hours of the clock are no days.
        """
        for texts in found.unknown.values():
            texts.sort(key=lambda text: rate_of(text) in ("person", "person and day"))
        guesses = {
            text: name
            for text, name in super().guesses(found).items()
            if name != "days" or not CLOCK_HOURS.search(text)
        }
        names = {name for sheet in found.headings for name in self._names(found, sheet)}
        for text in (text for texts in found.unknown.values() for text in texts):
            only = kind_by_unit(text)
            is_free = only and only not in names and only not in guesses.values()
            if is_free and spelled(text) not in self.decided_headings:
                guesses[text] = only
            pair = pair_named_by(text)
            if (
                pair
                and spelled(text) not in self.decided_headings
                and not {pair, *PAIRS[pair]} & names
            ):
                guesses[text] = pair
                names |= {pair, *PAIRS[pair]}
        return guesses

    def is_part_of_a_group(self, text: str, texts: list[str]) -> bool:
        return text in parts_of_groups(texts, self.heading_words().named_by)

    # -- who and what for --

    @classmethod
    def may_use(cls, user) -> bool:
        return user.has_perm("plans.list_plans")

    @classmethod
    def may_use_for(cls, user, context: dict) -> bool:
        return drafts_for(user, owner_named(context["code"]))

    @cached_property
    def owner(self) -> Owner:
        return owner_named(self.context["code"])

    @property
    def year(self) -> int:
        return self.context["year"]

    def _plan(self) -> AnnualPlan | None:
        return AnnualPlan.objects.of_owner(self.owner).of_year(self.year).first()

    def subject(self) -> str:
        return _("%(owner)s, training plan for %(year)s") % {
            "owner": self.owner.name,
            "year": self.year,
        }

    def page(self) -> str:
        plan = self._plan()
        return plan.get_absolute_url() if plan else ""

    def in_the_way(self) -> str:
        plan = self._plan()
        return (
            _("The plan is in review or filed, so it cannot take the file now.")
            if plan and not plan.is_editable
            else ""
        )

    def scope(self) -> str:
        return f"{self.context['kind']}-{self.context['code']}"

    @classmethod
    def scope_name(cls, scope: str) -> str:
        code = scope.partition("-")[2]
        try:
            return owner_named(code).name if scope else ""
        except UnknownOwner:
            return code  # a row of the table must not keep the others from being shown

    # -- the file as a whole --

    # -- one row --

    # -- the rows together --

    # -- comparing --

    # -- writing --

    def write(self, rows: list[ImportRow]) -> None:
        """Rows that surely mean a course of the catalogue are given it; the others keep theirs."""
        super().write(rows)
        match_courses(self.plan)


IMPORTERS = [PlanImporter, ProjectImporter]
