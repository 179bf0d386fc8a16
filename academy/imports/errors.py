"""Why an import, or undoing one, is refused."""

from django.utils.translation import gettext as _

from ..errors import PortalError


class UnknownImport(PortalError):
    """There is no import of that kind."""


class RowsRejected(PortalError):
    """Some rows cannot be taken over, so nothing is."""


class AlreadyDone(PortalError):
    """The run was imported, or undone, already."""


class QuestionsOpen(PortalError):
    """Something in the file is only guessed, and nobody has confirmed it."""


class PreviewOutdated(PortalError):
    """The stored data has changed since the preview; the run shows the new one."""


class NothingToUndo(PortalError):
    """The import cannot be taken back any more."""


class RowRejected(ValueError):
    """A row that cannot be taken over, with every reason."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(reasons)
        self.reasons = reasons


def not_offered(said: str, question: str) -> str:
    """Return the sentence for an answer that the question does not offer."""
    return _("“%(said)s” is none of the answers to “%(question)s”. Choose one of them.") % {
        "said": said,
        "question": question,
    }
