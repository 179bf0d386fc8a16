"""Who may open the front door's pages: all but the personal and the staff ones are public."""

from ..access.table import OTHERS, Row

STAFF = (
    "village_coordinator branch_coordinator town_staff department_staff district_staff"
    " administrator"
)


def build(world) -> None:
    """The world's town and campus are enough."""


ACCESS = [
    Row("portal:home", {200: OTHERS}),
    Row("portal:network", {200: OTHERS}),
    Row(
        "portal:start",
        {200: "district_staff administrator", 403: OTHERS, "login": "visitor"},
    ),
    Row("portal:experts", {200: OTHERS}),
    Row("portal:practice_rooms", {200: OTHERS}),
    Row("portal:methods", {200: OTHERS}),
    Row("portal:campus", {200: OTHERS}, args=lambda w: [w.campus.code]),
    Row("portal:town", {200: OTHERS}, args=lambda w: [w.town.code]),
    Row("portal:search", {200: OTHERS}),
    Row("portal:suggest", {200: OTHERS}),
    Row("portal:feedback", {200: OTHERS}),
    Row(
        "portal:feedback",
        {302: OTHERS},
        method="post",
        data=lambda w: {"text": "建议"},
        note="send",
    ),
    Row("portal:help", {200: OTHERS}),
    Row("portal:privacy", {200: OTHERS}),
    Row("portal:accessibility", {200: OTHERS}),
    Row("portal:me", {200: OTHERS, "login": "visitor"}),
    Row("portal:after_login", {302: OTHERS, "login": "visitor"}),
    Row("portal:manage", {200: STAFF, 403: "trainee auditor", "login": "visitor"}),
    Row(
        "portal:feedback_inbox",
        {200: "district_staff administrator", 403: OTHERS, "login": "visitor"},
    ),
]
