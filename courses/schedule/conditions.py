"""For whom a class is: its links, and the same on its row, where every booking reads them."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction

from ..models import TrainingClass

LINKS = ("audiences", "open_to_groups", "stages", "towns", "prerequisites")


@transaction.atomic
def set_conditions(training_class: TrainingClass, **links: Iterable) -> None:
    """Set some of the links, in their tables and on the row; nothing else writes either."""
    for name, wanted in links.items():
        getattr(training_class, name).set(wanted)
    training_class.conditions = linked([training_class.pk])[training_class.pk]
    training_class.save(update_fields=["conditions"])


def linked(classes: Iterable[int]) -> dict[int, dict[str, list[int]]]:
    """Class key → what its row should say, from the tables; a query for each kind of link."""
    classes = list(classes)
    found: dict[int, dict[str, list[int]]] = {key: defaultdict(list) for key in classes}
    for name in LINKS:
        links = getattr(TrainingClass, name).through.objects.filter(trainingclass__in=classes)
        column = TrainingClass._meta.get_field(name).m2m_reverse_field_name()
        for class_id, key in links.order_by(column).values_list("trainingclass", column):
            found[class_id][name].append(key)
    return {key: dict(links) for key, links in found.items()}
