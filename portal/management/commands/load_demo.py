from datetime import date

from django.utils import timezone

from academy.commanding import PortalCommand

from ...demonstration.accounts import LOGINS, PASSWORD
from ...demonstration.year import MENTOR, SECONDEE, load_demo


class Command(PortalCommand):
    help = (
        "Fill an empty database with demonstration data as it would stand on a day; the same day"
        " gives the same data."
    )

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--today",
            type=date.fromisoformat,
            help="the day it shall be (default: today), as 2027-03-01",
        )
        parser.add_argument(
            "--bare",
            action="store_true",
            help="only the network and the log-ins, to see every page empty",
        )
        parser.add_argument(
            "--logins", action="store_true", help="only print the demonstration log-ins"
        )

    def handle(self, *, today: date | None, logins: bool, bare: bool, **options) -> None:
        if logins:
            people = [(login.phone, login.label) for login in LOGINS] + [SECONDEE, MENTOR]
            rows = [{"phone": phone, "password": PASSWORD, "who": who} for phone, who in people]
            self.answer(rows, json_wanted=options["json"])
            return
        self.answer(
            load_demo(today=today or timezone.localdate(), bare=bare).as_dict(),
            json_wanted=options["json"],
        )
