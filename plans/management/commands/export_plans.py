from pathlib import Path

from django.utils.translation import gettext as _

from academy.commanding import PortalCommand
from academy.errors import PortalError
from academy.templatetags.portal_tags import hours

from ...models import AnnualPlan, PlanItem
from ...owners import owner_named
from ...papers.exporting import FORMATS, export_plan, export_year
from ...workbook import NothingToExport


class UnwritableFile(PortalError):
    """The output path cannot be written."""


class Command(PortalCommand):
    help = "Write the annual plans of a year, or the plan of one owner, into a file."

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--year", required=True, type=int)
        parser.add_argument(
            "--owner",
            help="code of the town, department or campus; without it all plans of the year",
        )
        parser.add_argument("--format", choices=FORMATS, default="xlsx")
        parser.add_argument("--output", required=True, type=Path)

    def handle(self, *, year: int, owner: str | None, output: Path, **options) -> None:
        plans = AnnualPlan.objects.of_year(year)
        if owner is None:
            content = export_year(year, options["format"])
        else:
            unit = owner_named(owner)
            plans = plans.of_owner(unit).with_owner()
            if not plans:
                raise NothingToExport(
                    _("%(owner)s has no plan for %(year)s yet, so there is nothing to export.")
                    % {
                        "owner": unit,
                        "year": year,
                    }
                )
            content = export_plan(plans[0], options["format"])
        try:
            output.write_bytes(content)
        except OSError as error:
            raise UnwritableFile(
                _("%(file)s cannot be written. Is there such a folder?") % {"file": output}
            ) from error
        totals = PlanItem.objects.filter(plan__in=plans).totals()
        self.answer(
            {
                "file": str(output),
                "plans": len(plans),
                "items": totals["items"],
                "people": totals["people"],
                # plain figures, whatever scale the database adds up in
                "hours": hours(totals["hours"]),
                "yuan": hours(totals["budget"]),
            },
            json_wanted=options["json"],
        )
