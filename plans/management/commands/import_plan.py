from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from academy.commanding import PortalCommand
from academy.errors import PortalError
from plans.owners import owner_named
from plans.plan_import import RowsRejected, import_plan, preview


class UnreadableFile(PortalError):
    """The path leads to no file that can be read."""


class Command(PortalCommand):
    help = "Import an annual plan from an .xlsx or .csv file; without --commit only say what it would do."

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--owner", required=True, help="code of the town, department or campus")
        parser.add_argument("--year", required=True, type=int)
        parser.add_argument("--commit", action="store_true", help="write it; all rows or nothing")

    def handle(self, *, file: Path, owner: str, year: int, commit: bool, **options) -> None:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise UnreadableFile(_("%(file)s cannot be read. Is it in this folder?") % {"file": file.name}) from error
        source = {"content": content, "name": file.name, "owner": owner_named(owner), "year": year}
        reading = preview(**source)
        self.answer(reading.as_dict(), json_wanted=options["json"])
        if commit:
            if reading.rejected:
                raise RowsRejected.of(reading)
            import_plan(**source, by=None, now=timezone.now())
