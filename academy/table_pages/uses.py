"""What uses a row of a kept table: every row of another table that points at it."""

from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce


def _pointing(model: type[models.Model]) -> list[tuple[type[models.Model], models.QuerySet, str]]:
    """(what uses rows of the model, the rows that point, the field by which they do)."""
    found = []
    for relation in model._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete:
            continue
        if relation.many_to_many:
            rows, field = relation.through, relation.field.m2m_reverse_field_name()
        elif relation.related_model._meta.auto_created:
            continue  # the table between two others is counted with them
        else:
            rows, field = relation.related_model, relation.field.name
        found.append((relation.related_model, rows._base_manager.order_by(), field))
    return found


def with_uses(rows: models.QuerySet) -> models.QuerySet:
    """Annotate `uses`: how many rows point at each, in the one query of the list."""
    total: models.expressions.Combinable = models.Value(0)
    for _model, pointing, field in _pointing(rows.model):
        counted = pointing.filter(**{field: OuterRef("pk")}).values(field).annotate(n=Count("pk"))
        total = total + Coalesce(Subquery(counted.values("n")), 0)
    return rows.annotate(uses=total)


def uses_of(item: models.Model) -> list[tuple[str, int]]:
    """(what it is, how many of it) for everything that points at the row, the most first."""
    found: dict[str, int] = {}
    for model, pointing, field in _pointing(type(item)):
        if count := pointing.filter(**{field: item.pk}).count():
            name = str(model._meta.verbose_name_plural)
            found[name] = found.get(name, 0) + count
    return sorted(found.items(), key=lambda use: -use[1])
