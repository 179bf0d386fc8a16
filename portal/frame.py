"""The frame of every page with what the apps below know of whoever is logged in; one query for all
of it, asked when the frame is drawn.
"""

from functools import cached_property

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from academy.places import Place
from academy.web.context_processors import Shell
from notices.models import count_of_unread
from practicums.models import mentors_somebody


class Frame(Shell):
    @cached_property
    def known(self) -> dict[str, object]:
        """Unread notices, whether the person mentors somebody, and their code as an expert."""
        people = get_user_model().objects.filter(pk=self.user.pk)
        people = people.annotate(unread=count_of_unread(), is_mentor=mentors_somebody())
        return people.values("unread", "is_mentor", "expert__code").get()

    @cached_property
    def unread(self) -> int:
        return self.known["unread"] if self.signed_in else 0

    @cached_property
    def expert_page(self) -> str:
        code = self.known["expert__code"] if self.signed_in else None
        return reverse("courses:expert", args=[code]) if code else ""

    @cached_property
    def places(self) -> list[Place]:
        if self.signed_in:
            self.user.is_mentor = self.known["is_mentor"]  # `practicums.rules` need not ask again
        return super().places


def shell(request: HttpRequest) -> dict[str, object]:
    """Return the frame of the page; nothing is asked of the database before it is drawn."""
    return {"shell": SimpleLazyObject(lambda: Frame(request))}
