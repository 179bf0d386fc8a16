from pathlib import Path

from django.utils import timezone

from ...commanding import PortalCommand
from ...network import load_network


class Command(PortalCommand):
    help = (
        "Load towns, villages, departments, campuses and venues from network/*.csv; a second run"
        " changes nothing."
    )

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("directory", type=Path)

    def handle(self, *, directory: Path, **options) -> None:
        report = load_network(directory, today=timezone.localdate())
        self.answer(report.as_dict(), json_wanted=options["json"])
