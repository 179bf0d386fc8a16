"""What is offered beside a list and for the rows that are ticked in it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class Link:
    """A button in the head of a list."""

    label: str
    url: str
    icon: str = ""
    primary: bool = False


@dataclass(frozen=True)
class Nothing:
    """What stands where a list has no row at all: what is empty, why, and one way on."""

    title: str
    text: str = ""
    url: str = ""
    link: str = ""


@dataclass(frozen=True)
class Bulk:
    """A step with the ticked rows: a method `bulk_<name>(rows)` of the list, or the view at
    `address`, which gets the same form.

    `wants` is a field that is typed in beside the button: (name, label). `sends` names the button
    where the view of the list answers the step itself.
    """

    name: str
    label: str
    address: str = ""
    sends: str = "action"
    icon: str = ""
    permission: str = ""
    wants: tuple[str, str] | None = None
    is_grave: bool = False
    is_file: bool = False


@dataclass
class Outcomes:
    """What became of each row of a step with many: done, refused with the reason, changed since
    the list was opened, or gone from it.
    """

    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: int = 0

    def report(self, request: HttpRequest, done: Callable[[int], str]) -> None:
        """One line for all that went well, one for each row that did not."""
        if self.done:
            messages.success(
                request, done(len(self.done)) % {"count": len(self.done)} + _listed(self.done)
            )
        for name, reason in self.refused:
            messages.error(request, f"{name} {reason}")
        if self.changed:
            messages.warning(
                request,
                _("Changed by somebody since this list was opened, and left as they are: ")
                + _listed(self.changed),
            )
        if self.gone:
            messages.warning(
                request,
                ngettext(
                    "%(count)d row is no longer in this list.",
                    "%(count)d rows are no longer in this list.",
                    self.gone,
                )
                % {"count": self.gone},
            )


def _listed(names: Iterable[Any]) -> str:
    return "、".join(str(name) for name in names)


EXPORT = "export"  # the step that every list offers
