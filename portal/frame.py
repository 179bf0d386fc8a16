"""The frame of every page with what the apps below know of whoever is logged in; one query for all
of it, asked when the frame is drawn.
"""

from functools import cached_property

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from academy.places import Place
from academy.web.context_processors import Shell
from notices.models import count_of_unread
from practicums.models import mentors_somebody


class Frame(Shell):
    @cached_property
    def known(self) -> dict[str, object]:
        """Unread notices; whether the person mentors somebody, teaches, is a trainee."""
        people = get_user_model().objects.filter(pk=self.user.pk)
        people = people.annotate(unread=count_of_unread(), is_mentor=mentors_somebody())
        return people.values("unread", "is_mentor", "expert", "trainee").get()

    @cached_property
    def unread(self) -> int:
        return self.known["unread"] if self.signed_in else 0

    @property
    def is_trainee(self) -> bool:
        return self.signed_in and self.known["trainee"] is not None

    @cached_property
    def places(self) -> list[Place]:
        if self.signed_in:
            # the rules of the apps below need not ask again
            self.user.is_mentor = self.known["is_mentor"]
            self.user.is_expert = self.known["expert"] is not None
        return super().places


def shell(request: HttpRequest) -> dict[str, object]:
    """Return the frame of the page; nothing is asked of the database before it is drawn."""
    return {"shell": SimpleLazyObject(lambda: Frame(request))}
