from pathlib import Path

from django.utils import timezone

from academy.commanding import PortalCommand

from ...roster import load_secondments


class Command(PortalCommand):
    help = "Load the list of secondments from a CSV file; a second run changes nothing."

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options) -> None:
        report = load_secondments(file, today=timezone.localdate())
        self.answer(report.as_dict(), json_wanted=options["json"])
