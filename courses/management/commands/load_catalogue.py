from pathlib import Path

from django.utils import timezone

from academy.commanding import PortalCommand

from ...loading.catalogue import load_catalogue


class Command(PortalCommand):
    help = (
        "Load vocabularies, service items, experts, courses and classes from catalogue/*.csv; a"
        " second run changes nothing."
    )

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("directory", type=Path)

    def handle(self, *, directory: Path, **options) -> None:
        self.answer(
            load_catalogue(directory, now=timezone.now()).as_dict(), json_wanted=options["json"]
        )
