from pathlib import Path

from django.utils import timezone

from academy.commanding import PortalCommand

from ...case_loading import load_cases


class Command(PortalCommand):
    help = "Load the case library from cases/practice_cases.csv; a second run changes nothing."

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("directory", type=Path)

    def handle(self, *, directory: Path, **options) -> None:
        self.answer(
            load_cases(directory, now=timezone.now()).as_dict(), json_wanted=options["json"]
        )
