"""Long lists of hand-written markup that become fields to type into (academy/picking)."""

from django import template
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe

from ..picking.widgets import Pick, pick_attrs

FEW = 12  # choices that are read at a glance

register = template.Library()


@register.simple_tag
def pick(kind: str, many, hint: str = "") -> SafeString:
    """The attributes of a `<select>` of this kind, named by code: `{% pick "village" villages %}`.
    A few choices stay a plain list.
    """
    if len(many) <= FEW:
        return mark_safe("")
    return flatatt(pick_attrs(kind) | ({"data-pick-hint": hint} if hint else {}))


@register.simple_tag
def pick_of(field) -> SafeString:
    """Those of a form's field, where its widget is one to pick from."""
    widget = field.field.widget
    if not isinstance(widget, Pick):
        return mark_safe("")
    choices = list(field.field.choices)
    if len(choices) <= FEW:
        return mark_safe("")
    nothing = next((words for value, words in choices if value == ""), "")
    attrs = pick_attrs(widget.kind, by=widget.by, asks=widget.asks)
    return flatatt(attrs | ({"data-pick-hint": nothing} if nothing else {}))
