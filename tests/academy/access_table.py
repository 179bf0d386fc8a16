"""Who may open the addresses of academy: health, log-in, language, large print; imports, which are
their sender's and the office's.
"""

from academy.models import HeadingWord, ImportRun, Position

from ..access.table import OTHERS, Row
from ..factories import NOW

OFFICE = "district_staff administrator"
UNITS = "department_staff town_staff branch_coordinator"
IMPORTERS = f"{UNITS} {OFFICE}"


def build(world) -> None:
    world.heading_word = HeadingWord.objects.create(
        kind="plan", word="场数", spelling="场数", column="runs", added_at=NOW
    )
    world.post = Position.objects.create(name="示例岗位", sort_order=99)
    world.own_import, world.foreign_import = (
        ImportRun.objects.create(kind="courses", user=user, file_name="a.xlsx", previewed_at=NOW)
        for user in (world.cast["department_staff"], None)
    )


STAFF = f"{UNITS} village_coordinator {OFFICE}"


def picked(kind: str, choosers: str) -> Row:
    """Who is answered by a list that is typed into."""
    expect = {200: choosers, 403: OTHERS, "login": "visitor"}
    if choosers == OTHERS:
        del expect[403]
    return Row("pick", expect, lambda w: [kind], data=lambda w: {"q": "示例"}, note=kind)


def run(name: str, outcome: int, *, method: str = "get", confirms: bool = False) -> list[Row]:
    """A page of a department's run, and of one that a command left: only its sender imports it."""
    office = {403: OTHERS} if confirms else {outcome: OFFICE, 403: OTHERS}
    own, strangers = (
        "department_staff" if confirms else f"department_staff {OFFICE}",
        "town_staff branch_coordinator",
    )
    return [
        Row(
            f"imports:{name}",
            {**office, outcome: own, 404: strangers, "login": "visitor"},
            lambda w: [w.own_import.pk],
            method,
            note="own",
        ),
        Row(
            f"imports:{name}",
            {**office, 404: UNITS, "login": "visitor"},
            lambda w: [w.foreign_import.pk],
            method,
            note="foreign",
        ),
    ]


def kept(slug: str, keepers: str, row) -> list[Row]:
    """The pages of a kept table: the office reads it, its keepers change it."""
    keeping = {403: OTHERS, "login": "visitor"}
    return [
        Row(
            "tables:table_list",
            {200: OFFICE, 403: OTHERS, "login": "visitor"},
            lambda w: [slug],
            note=slug,
        ),
        *(
            Row(f"tables:{name}", {outcome: keepers, **keeping}, args, method, note=slug)
            for name, method, outcome, args in (
                ("row_add", "get", 200, lambda w: [slug]),
                ("row_add", "post", 200, lambda w: [slug]),
                ("row_edit", "get", 200, lambda w: [slug, row(w).pk]),
                ("row_edit", "post", 200, lambda w: [slug, row(w).pk]),
                ("row_retire", "get", 200, lambda w: [slug, row(w).pk]),
                ("row_bring_back", "post", 302, lambda w: [slug, row(w).pk]),
            )
        ),
    ]


ACCESS = [
    picked("course", OTHERS),
    *(picked(kind, f"{UNITS} {OFFICE}") for kind in ("class", "room", "expert", "teacher")),
    *(picked(kind, STAFF) for kind in ("village", "town", "campus", "department")),
    picked("person", f"village_coordinator town_staff {OFFICE}"),
    picked("deputy", f"village_coordinator town_staff {OFFICE}"),
    picked("role-holder", "town_staff administrator"),
    picked("role-place", "town_staff administrator"),
    Row("pick", {404: OTHERS, "login": "visitor"}, lambda w: ["unknown"], note="no such kind"),
    Row("tables:index", {200: OFFICE, 403: OTHERS, "login": "visitor"}),
    *kept("towns", "administrator", lambda w: w.town),
    *kept("positions", OFFICE, lambda w: w.post),
    Row(
        "tables:row_retire",
        {302: OFFICE, 403: OTHERS, "login": "visitor"},
        lambda w: ["positions", w.post.pk],
        "post",
    ),
    Row(
        "tables:row_move",
        {302: OFFICE, 403: OTHERS, "login": "visitor"},
        lambda w: ["positions", w.post.pk],
        "post",
    ),
    Row(
        "imports:import_export",
        {
            200: "administrator",
            404: f"{UNITS} district_staff",
            403: OTHERS,
            "login": "visitor",
        },
        lambda w: ["towns"],
    ),
    Row("healthz", {200: OTHERS}),
    Row("readyz", {200: OTHERS}),
    Row("large_print", {302: OTHERS}, args=lambda w: ["on"]),
    Row("fold_navigation", {302: OTHERS, "login": "visitor"}, args=lambda w: ["on"]),
    Row("choose_language", {302: OTHERS}, args=lambda w: ["en"]),
    Row("account_login", {200: "visitor", 302: OTHERS}),
    Row("account_request_login_code", {200: "visitor", 302: OTHERS}),
    Row("account_confirm_login_code", {302: OTHERS}, note="without a code on its way"),
    Row("account_logout", {200: OTHERS, 302: "visitor"}),
    Row("account_unsent", {302: OTHERS, "login": "visitor"}, note="nothing waits"),
    Row("account_change_password", {200: OTHERS, "login": "visitor"}),
    Row("account_reset_password", {200: "visitor", 302: OTHERS}),
    Row("office_settings", {200: "administrator", 403: OTHERS, "login": "visitor"}),
    Row(
        "office_settings",
        {200: "administrator", 403: OTHERS, "login": "visitor"},
        method="post",
        note="empty form",
    ),
    Row(
        "imports:import_progress",
        {200: IMPORTERS, 403: OTHERS, "login": "visitor"},
        note="of oneself alone",
    ),
    Row("imports:import_list", {200: IMPORTERS, 403: OTHERS, "login": "visitor"}),
    Row(
        "imports:import_list",
        {200: IMPORTERS, 403: OTHERS, "login": "visitor"},
        method="post",
        note="empty form",
    ),
    Row(
        "imports:import_template",
        {
            200: f"department_staff {OFFICE}",
            404: "town_staff branch_coordinator",
            403: OTHERS,
            "login": "visitor",
        },
        args=lambda w: ["courses"],
    ),
    Row(
        "imports:import_template",
        {200: IMPORTERS, 403: OTHERS, "login": "visitor"},
        args=lambda w: ["plan"],
        note="of plans",
    ),
    Row(
        "imports:import_sample",
        {
            200: "administrator",
            404: f"{UNITS} district_staff",
            403: OTHERS,
            "login": "visitor",
        },
        args=lambda w: ["towns"],
    ),
    *(
        Row(
            "tables:usual_words",
            {200: OFFICE, 403: OTHERS, "login": "visitor"},
            method=method,
            data=lambda w: {"programmes": "班" * 41, "tracks": "ZZ", "growth-stages": "阶" * 41},
            note="nothing is kept",
        )
        for method in ("get", "post")
    ),
    Row("imports:heading_words", {200: OFFICE, 403: OTHERS, "login": "visitor"}),
    Row(
        "imports:heading_words",
        {302: OFFICE, 403: OTHERS, "login": "visitor"},
        method="post",
        data=lambda w: {"word": "办班次数", "meaning": "plan runs"},
    ),
    Row(
        "imports:heading_word_remove",
        {302: OFFICE, 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.heading_word.pk],
        method="post",
    ),
    *run("import_run", 200),
    *run("import_choose", 302, method="post", confirms=True),
    *run("import_confirm", 302, method="post", confirms=True),
    *run("import_discard", 302, method="post", confirms=True),
    *run("import_undo", 302, method="post"),
    *run("import_rejected", 200),
]
