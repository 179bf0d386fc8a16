from academy.imports.command import ImportCommand

from ...rosters.places import town_named


class Command(ImportCommand):
    help = (
        "Import a roster of people from an .xlsx, .xls or .csv file; without --commit only say what"
        " it would do. Rows that cannot be taken over are left out."
    )
    kind = "roster"

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--town", default="", help="code of a street-town, whose people alone are taken over"
        )

    def context(self, options: dict) -> dict:
        return {"town": town_named(options["town"]).code} if options["town"] else {}
