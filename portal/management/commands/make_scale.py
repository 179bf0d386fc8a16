from django.utils import timezone

from academy.commanding import PortalCommand

from ...demonstration.scale import make_scale


class Command(PortalCommand):
    help = "Add people, classes and bookings many times the demonstration's, for measuring."

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--trainees", type=int, required=True, help="people to add")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same rows")

    def handle(self, *, trainees: int, seed: int, **options) -> None:
        report = make_scale(trainees=trainees, seed=seed, now=timezone.now())
        self.answer(report.as_dict(), json_wanted=options["json"])
