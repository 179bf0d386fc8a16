"""The trainings of a year with the office's words, read for a comparison."""

from collections.abc import Iterable

from academy.models import TopicWords

from ..models import AudienceGroup, PlanItem
from .audiences import Audiences, Group, towns_by_name
from .content import Topic
from .guard import Guard, Overlap
from .trainings import training_of
from .usual_groups import usual_groups, words_in


def items_of(year: int) -> list[PlanItem]:
    """Return the items of the year that are not cancelled, with plan and owner, in code order."""
    return list(
        PlanItem.objects.counted()
        .filter(plan__year=year)
        .select_related("plan", "plan__town", "plan__department", "plan__campus")
        .in_code_order()
    )


def guard_of(items: Iterable[PlanItem]) -> Guard:
    """Return the comparison of the items by the words that the office keeps."""
    towns = towns_by_name()
    trainings = (training_of(item, towns) for item in items)
    return Guard(trainings, audiences=_audiences(towns), topics=topics())


def overlaps_of(item: PlanItem, items: Iterable[PlanItem]) -> list[Overlap]:
    """Return the overlaps of one item with the others of its year, the surest first."""
    return guard_of(items).overlaps_of(training_of(item, towns_by_name()))


def items_by_training(items: Iterable[PlanItem]) -> dict[str, PlanItem]:
    """Return the items by the key of their training."""
    return {f"{item.plan.owner.code}:{item.number}": item for item in items}


def _audiences(towns: Iterable[str]) -> Audiences:
    kept = [
        Group(group.name, words_in(group.words), words_in(group.within))
        for group in AudienceGroup.objects.filter(active=True)
    ]
    return Audiences(kept or usual_groups(), towns)


def topics() -> list[Topic]:
    """Return the topic words of the search; one sign alone says too little here."""
    return [
        Topic(means, tuple(word for word in words_in(said) if len(word) > 1))
        for said, means in TopicWords.objects.filter(active=True).values_list("said", "means")
    ]
