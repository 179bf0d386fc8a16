"""Every tab of a class's workspace is drawn in the one frame, `trainees/class_space.html`."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from courses.models import TrainingClass

from ..workspace.frame import space_of


def render_tab(
    request: HttpRequest,
    training_class: TrainingClass,
    tab: str,
    template: str,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """The template within the frame of its class, with `tab` as the one that is open."""
    frame = {"training_class": training_class, "space": space_of(training_class, tab)}
    return render(request, template, frame | (context or {}))
