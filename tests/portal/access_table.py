"""Who may open the front door's pages: all but the personal and the staff ones are public."""

from datetime import date

from academy.models import Role

from ..access.table import OTHERS, Row
from ..factories import RoleGrantFactory, VillageFactory

STAFF = (
    "village_coordinator branch_coordinator town_staff department_staff district_staff"
    " administrator"
)


def build(world) -> None:
    """Besides the world's town and campus two coordinators who are named, in it and elsewhere."""
    world.own_grant, world.foreign_grant = (
        RoleGrantFactory(
            role=Role.VILLAGE_COORDINATOR, village=village, valid_to=date(2037, 12, 31)
        )
        for village in (world.village, VillageFactory(town=world.other_town))
    )


def of_grant(name: str, method: str = "get", outcome: int = 200) -> list[Row]:
    """A page of a role in the own town, and of one elsewhere, which only administrators see."""
    return [
        Row(
            f"roles:{name}",
            {outcome: f"{own}administrator", 404: OTHERS, "login": "visitor"},
            args=lambda w, attribute=attribute: [getattr(w, attribute).pk],
            method=method,
            note=attribute,
        )
        for own, attribute in (("town_staff ", "own_grant"), ("", "foreign_grant"))
    ]


def coverage() -> list[Row]:
    """Street-towns see their own villages, the office all, nobody else any."""
    office = "district_staff administrator"
    rows = [
        Row(
            "coverage:quotas",
            {200: f"{office} town_staff", 403: OTHERS, "login": "visitor"},
        ),
        *(
            Row(
                f"coverage:{name}",
                {200: office, 302: "town_staff", 403: OTHERS, "login": "visitor"},
            )
            for name in ("towns", "towns_by_stage")
        ),
    ]
    of_towns = ("villages", "villages_by_stage")
    for name, own, foreign in (
        *((name, lambda w: w.town, lambda w: w.other_town) for name in of_towns),
        ("village", lambda w: w.village, lambda w: w.foreign_grant.village),
    ):
        rows += [
            Row(
                f"coverage:{name}",
                {200: f"{office} town_staff", 403: OTHERS, "login": "visitor"},
                args=lambda w, own=own: [own(w).code],
                note="own",
            ),
            Row(
                f"coverage:{name}",
                {200: office, 404: "town_staff", 403: OTHERS, "login": "visitor"},
                args=lambda w, foreign=foreign: [foreign(w).code],
                note="foreign",
            ),
        ]
    return rows


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
    Row("portal:season_now", {302: OTHERS}),
    Row("portal:season", {200: OTHERS}, args=lambda w: ["2027Q1"]),
    Row("portal:season", {404: OTHERS}, args=lambda w: ["2027Q9"], note="none"),
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
    Row("portal:help_part", {200: OTHERS}, args=lambda world: ["town-staff"]),
    Row("portal:privacy", {200: OTHERS}),
    Row("portal:accessibility", {200: OTHERS}),
    Row("portal:me", {200: OTHERS, "login": "visitor"}),
    Row("portal:after_login", {302: OTHERS, "login": "visitor"}),
    *(
        Row(f"portal:{name}", {200: STAFF, 403: "trainee auditor", "login": "visitor"})
        for name in ("manage", "counts", "find")
    ),
    Row(
        "portal:unanswered",
        {200: "district_staff administrator", 403: OTHERS, "login": "visitor"},
    ),
    Row(
        "portal:feedback_inbox",
        {200: "district_staff administrator", 403: OTHERS, "login": "visitor"},
    ),
    *(
        Row(
            f"roles:{name}",
            {200: "town_staff administrator", 403: OTHERS, "login": "visitor"},
            method=method,
        )
        for name, method in (("role_list", "get"), ("role_grant", "get"), ("role_grant", "post"))
    ),
    *(
        Row(
            "roles:new_staff",
            {200: "administrator", 403: OTHERS, "login": "visitor"},
            method=method,
        )
        for method in ("get", "post")
    ),
    *of_grant("role_end"),
    *of_grant("role_end", "post"),
    *of_grant("role_extend"),
    *of_grant("role_extend", "post"),
    Row("roles:can_do", {200: "administrator", 403: OTHERS, "login": "visitor"}),
    *coverage(),
    *(
        Row(
            f"monitor:{name}",
            {
                200: "town_staff department_staff district_staff administrator",
                403: OTHERS,
                "login": "visitor",
            },
            args=lambda _world, args=args: args,
        )
        for name, args in (("board", []), ("indicator", ["repeats"]), ("rows", ["repeats"]))
    ),
    Row("monitor:owners", {200: "district_staff administrator", 403: OTHERS, "login": "visitor"}),
    *(
        Row(
            f"monitor:{name}",
            {302: "district_staff administrator", 403: OTHERS, "login": "visitor"},
            method="post",
        )
        for name in ("owners", "count")
    ),
]
