"""Who stands in the units of a roster and not in the file. Their posts are never ended by it."""

from django.db.models import QuerySet
from django.db.models.fields.json import KT

from academy.models import ImportRun

from ..models import Trainee

MOST_SHOWN = 50


def missing_from(run: ImportRun, by) -> QuerySet[Trainee]:
    """The cadres of the villages that the file names, but for those it names itself, be it in a
    row that was rejected.
    """
    rows = run.rows.order_by()
    villages = rows.exclude(values={}).annotate(unit=KT("values__village")).values("unit")
    people = Trainee.objects.cadres().exclude(user__phone__in=rows.exclude(key="").values("key"))
    named = rows.filter(values={}).exclude(title="").values("title")
    return (
        (people if by is None else people.visible_to(by))
        .filter(village__code__in=villages)
        .exclude(user__name__in=named)
        .select_related("user", "village__town", "position")
        .order_by("village__code", "stroke_key", "pk")
    )
