import argparse
import sys
from getpass import getpass

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from ...accounts.sms import NoGateway, refuse_without_gateway
from ...commanding import PortalCommand
from ...first_administrator import make_first_administrator, refuse_a_second
from ...text.names import name_in
from ...text.phones import mobile_in, mobile_number


def _mobile(text: str) -> str:
    phone = mobile_in(text)
    try:
        mobile_number(phone)
    except ValidationError as wrong:
        raise argparse.ArgumentTypeError(wrong.message) from wrong
    return phone


def _name(text: str) -> str:
    try:
        return name_in(text)
    except ValidationError as wrong:
        raise argparse.ArgumentTypeError(wrong.message) from wrong


class Command(PortalCommand):
    help = (
        "Make the first administrator, who gives all other roles on the pages. Asks for the"
        " password twice, or reads it from two lines of standard input. Refuses when there is an"
        " administrator."
    )

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("phone", type=_mobile, help="11 digits, with which the person logs in")
        parser.add_argument("name", type=_name)
        parser.add_argument(
            "--code", action="store_true", help="no password: the person logs in by text message"
        )

    def handle(self, *, phone: str, name: str, code: bool, **options) -> None:
        now = timezone.now()
        refuse_a_second(now)
        if code:
            _refuse_codes_for_nobody()
        user, is_new = make_first_administrator(
            phone=phone, name=name, password=None if code else self._password(), now=now
        )
        self.answer(
            {"phone": user.masked_phone, "new": is_new, "login": "code" if code else "password"},
            json_wanted=options["json"],
        )

    def _password(self) -> str:
        ask = getpass if sys.stdin.isatty() else _line
        first, second = ask(_("Password: ")), ask(_("Once more: "))
        if first != second:
            raise CommandError(_("The two passwords differ. Nothing was made."), returncode=1)
        return first


def _line(_question: str) -> str:
    return sys.stdin.readline().rstrip("\n")


def _refuse_codes_for_nobody() -> None:
    try:
        refuse_without_gateway()
    except NoGateway as refused:
        raise CommandError(
            _("No gateway for text messages is configured. Leave --code out and set a password."),
            returncode=1,
        ) from refused
