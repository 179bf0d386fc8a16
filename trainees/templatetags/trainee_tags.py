"""Small parts of pages that depend on the trainee who reads them."""

from django import template

from ..me.queue_words import meaning_of_place, number_in_queue
from ..models import Follow
from ..rules import has_profile

register = template.Library()
register.filter(number_in_queue)
register.filter(meaning_of_place)


@register.inclusion_tag("trainees/_follow_button.html", takes_context=True)
def follow_button(
    context: template.Context, kind: str, code: str, words: str = ""
) -> dict[str, object]:
    """Follow, or stop following, a course (by code), track (by prefix) or campus (by code); nothing
    for who has no profile.
    """
    request = context["request"]
    if not (request.user.is_authenticated and has_profile(request.user)):
        return {"shown": False}
    lookup = {"track": "track__prefix"}.get(kind, f"{kind}__code")
    follows = Follow.objects.filter(trainee=request.user.trainee, **{lookup: code}).exists()
    return {
        "shown": True,
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "kind": kind,
        "code": code,
        "words": words,
        "follows": follows,
    }
