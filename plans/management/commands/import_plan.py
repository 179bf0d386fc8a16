from academy.imports.command import ImportCommand

from ...imports.table_context import context_of
from ...owners import owner_named


class Command(ImportCommand):
    help = (
        "Import an annual plan from an .xlsx, .xls or .csv file; without --commit only say what it"
        " would do."
    )
    kind = "plan"

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--owner", required=True, help="code of the town, department or campus")
        parser.add_argument("--year", required=True, type=int)

    def context(self, options: dict) -> dict:
        return context_of(owner_named(options["owner"]), options["year"])
