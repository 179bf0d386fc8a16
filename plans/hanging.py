"""Items that classes hang on stay in their plan. Source: docs/rules.md R61."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from academy.errors import PortalError

from .models import ClassFiling


class ItemHasClasses(PortalError):
    """An item that a class carries out is not taken out of its plan."""


def refuse_if_classes_hang(items: Collection[int]) -> None:
    """Raise ItemHasClasses, which names the first, where a class hangs on one of the items (keys).

    Call with the plan locked; a class that is filed at the same moment waits for the lock.
    """
    first = (
        ClassFiling.objects.filter(item__in=items)
        .select_related("item", "training_class")
        .order_by("item__number", "training_class__code")
        .first()
    )
    if first is not None:
        raise ItemHasClasses(
            _(
                "The class “%(class)s” carries out “%(item)s”, so the item stays. Cancel it by a"
                " change of the filed plan, or give the class another item first."
            )
            % {"class": first.training_class.title, "item": first.item.name}
        )
