"""What every step begins with: the lock of the secondment, and refusals they share."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..errors import NotNamed, SecondmentEnded, TextTooLong
from ..models import Secondment, SevenItem, SignOffRole
from .signers import roles_of

# after the last day: what is still open then is agreed anew, not forgotten
LATEST_DUE = timedelta(days=92)
COMMENT_LENGTH = 500
EVERYBODY_NAMED = gettext_lazy(
    "Only those named in this secondment can do this: its mentor, its host, and the academy office."
)


def lock_secondment(pk: int) -> Secondment:
    """Return the secondment, locked until the transaction ends."""
    Secondment.objects.select_for_update().get(pk=pk)  # alone: a join would lock the people, too
    return Secondment.objects.with_people().get(pk=pk)


def lock_item(item: SevenItem) -> SevenItem:
    """The item as it stands after the lock of its secondment. Raises SecondmentEnded."""
    secondment = lock_secondment(item.secondment_id)
    refuse_ended(secondment)
    item = SevenItem.objects.get(pk=item.pk)
    item.secondment = secondment
    return item


def refuse_ended(secondment: Secondment) -> None:
    """Raise when the secondment is over."""
    if not secondment.is_running:
        raise SecondmentEnded(_("This secondment has ended; its file stays as it is."))


def refuse_unless_office(by, secondment: Secondment) -> None:
    """Raise unless the person works for the academy office."""
    if SignOffRole.ACADEMY not in roles_of(by, secondment):
        raise NotNamed(_("The academy office does this."))


def refuse_long(text: str, length: int) -> None:
    """Raise when the text is longer than so many characters."""
    if len(text) > length:
        raise TextTooLong(
            _(
                "The text has %(count)d characters; up to %(limit)d fit. Put the long version into"
                " a file."
            )
            % {"count": len(text), "limit": length}
        )
