from academy.commanding import PortalCommand

from ...overlaps.reading import guard_of, items_by_training, items_of
from ...overlaps.words import reasons_for


class Command(PortalCommand):
    help = "List the trainings of a year's plans that teach the same people the same."

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--year", required=True, type=int)

    def handle(self, *, year: int, **options) -> None:
        items = items_of(year)
        by_key = items_by_training(items)
        self.answer(
            [
                {
                    "a": overlap.one.key,
                    "b": overlap.other.key,
                    "score": overlap.score,
                    "reasons": reasons_for(
                        overlap,
                        months=(by_key[overlap.one.key].months, by_key[overlap.other.key].months),
                    ),
                }
                for overlap in guard_of(items).overlaps()
            ],
            json_wanted=options["json"],
        )
