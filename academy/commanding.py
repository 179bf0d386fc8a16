"""What the portal's own commands share: JSON on standard output, exit 0 done, 1 refused, 2 wrong
usage (argparse's own).
"""

import json
import sys

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import translation

from .errors import PortalError


class PortalCommand(BaseCommand):
    """A command that answers with a dict or list: as JSON with `--json`, else as plain lines.

    Refusals exit with 1.
    """

    def add_arguments(self, parser) -> None:
        parser.add_argument("--json", action="store_true", help="print the answer as JSON")

    def answer(self, value, *, json_wanted: bool) -> None:
        if json_wanted:
            self.stdout.write(json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder))
        elif isinstance(value, dict):
            self.stdout.write(", ".join(f"{name}: {item}" for name, item in value.items()))
        else:
            for row in value:
                self.stdout.write("  ".join(str(item) for item in row.values()))

    def execute(self, *args, **options):
        try:
            with translation.override("zh-hans"):
                return super().execute(*args, **options)
        except PortalError as error:
            raise CommandError(str(error), returncode=1) from error

    def fail(self) -> None:
        """End with exit code 1 after the answer has been printed."""
        self.stdout.flush()
        sys.exit(1)
