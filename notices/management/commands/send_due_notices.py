from django.utils import timezone

from academy.commanding import PortalCommand

from ...sweep import sweep


class Command(PortalCommand):
    help = (
        "Sweep the outbox once: write what reminders say is due, send what is due; prints counts,"
        " exits 1 when something failed."
    )

    def handle(self, **options) -> None:
        counts = sweep(timezone.now())
        self.answer(counts, json_wanted=options["json"])
        if counts["failed"]:
            self.fail()
