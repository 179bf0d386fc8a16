"""What can be imported, asked by a template that knows the kind only."""

from django import template

from .importer import Importer
from .registry import importers

register = template.Library()


@register.simple_tag
def importer_of_kind(kind: str) -> type[Importer] | None:
    """None for a kind that is not read any more."""
    return importers().get(kind)
