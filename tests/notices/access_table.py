"""Who may open the inbox: everybody with an account, each their own."""

from ..access.table import OTHERS, Row
from .factories import NoticeFactory


def build(world) -> None:
    world.notice_of_the_trainee = NoticeFactory(person=world.cadre.user, sent=True)
    world.notice_of_a_stranger = NoticeFactory(person=world.outsider.user, sent=True)


ACCESS = [
    Row("notices:inbox", {200: OTHERS, "login": "visitor"}),
    Row("notices:preferences", {200: OTHERS, "login": "visitor"}),
    Row("notices:preferences", {302: OTHERS, "login": "visitor"}, method="post"),
    Row("notices:mark_read", {302: OTHERS, "login": "visitor"}, method="post"),
    Row("notices:mark_read", {302: OTHERS, "login": "visitor"}, note="no POST"),
    Row(
        "notices:open",
        {302: "trainee", 404: OTHERS, "login": "visitor"},
        args=lambda w: [w.notice_of_the_trainee.pk],
        method="post",
        note="own",
    ),
    Row(
        "notices:open",
        {404: OTHERS, "login": "visitor"},
        args=lambda w: [w.notice_of_a_stranger.pk],
        method="post",
        note="foreign",
    ),
    Row(
        "notices:open",
        {404: OTHERS, "login": "visitor"},
        args=lambda w: [w.notice_of_a_stranger.pk],
        note="foreign, no POST",
    ),
]
