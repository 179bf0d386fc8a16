from dataclasses import asdict

from ...commanding import PortalCommand
from ...invariants import audit


class Command(PortalCommand):
    help = (
        "Check what must never break (seats, queues, attendance, hours, filed plans, signed items);"
        " prints each breach, exits 1 on any."
    )

    def handle(self, **options) -> None:
        found = [asdict(breach) for breach in audit()]
        self.answer(found, json_wanted=options["json"])
        if found:
            self.fail()
