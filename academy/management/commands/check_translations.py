import tempfile
from io import BytesIO
from pathlib import Path
from shutil import which

from babel.messages import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.management.commands import makemessages

CATALOGUE = Path(settings.BASE_DIR) / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
LEFT_OUT = ["node_modules", ".venv", "var", "tests", "bench"]


class Command(BaseCommand):
    help = (
        "Refuse untranslated and fuzzy messages; with gettext at hand also messages that the"
        " catalogue does not have yet."
    )
    requires_system_checks = []

    def handle(self, **options) -> None:
        catalogue = read(CATALOGUE)
        wrong = incomplete(catalogue)
        if which("xgettext"):
            wrong += missing(catalogue)
        else:
            self.stdout.write(
                "xgettext is not installed: new messages in the code are not looked for."
            )
        if wrong:
            raise CommandError("\n".join(["The Chinese catalogue is not complete:", *wrong]))
        self.stdout.write(f"All {len(catalogue)} messages are translated.")


def read(path: Path) -> Catalog:
    """Raises CommandError when there is no catalogue."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    # xgettext leaves it open
    content = content.replace(b"nplurals=INTEGER; plural=EXPRESSION", b"nplurals=2; plural=n != 1")
    return read_po(BytesIO(content), locale="zh_Hans")


def words(message: Message) -> str:
    """Return the English of a message, as it stands in the code."""
    return repr(message.id if isinstance(message.id, str) else message.id[0])


def incomplete(catalogue: Catalog) -> list[str]:
    """What is untranslated or fuzzy, a line each."""
    found = (
        ["fuzzy: the head of the catalogue; no program is made of it"] if catalogue.fuzzy else []
    )
    for message in catalogue:
        if not message.id:
            continue
        texts = [message.string] if isinstance(message.string, str) else list(message.string)
        if not all(texts):
            found.append(f"untranslated: {words(message)}")
        elif message.fuzzy:
            found.append(f"fuzzy: {words(message)}")
    return found


def missing(catalogue: Catalog) -> list[str]:
    """Messages marked in code and templates below the working folder that the catalogue lacks, a
    line each.
    """
    known = {(message.context, message.id) for message in catalogue}
    collector = Collector()
    call_command(
        collector, locale=["zh_Hans"], ignore_patterns=LEFT_OUT, no_location=True, verbosity=0
    )
    unknown = [
        message
        for message in collector.messages
        if message.id and (message.context, message.id) not in known
    ]
    return [f"not in the catalogue: {words(message)}" for message in unknown]


class Collector(makemessages.Command):
    """makemessages that keeps what it found in `messages` and leaves the catalogues alone."""

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.messages: list[Message] = []

    def handle(self, *args, **options) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.folder = folder
            super().handle(*args, **options)

    def build_potfiles(self) -> list[str]:
        self.locale_paths, self.default_locale_path = [self.folder], self.folder
        return super().build_potfiles()

    def write_po_file(self, potfile: str, locale: str) -> None:
        self.messages += read(Path(potfile))
