"""Who may open the addresses of plans.

Foreign plans are invisible (404) to units; the office sees all.
"""

from django.core.files.uploadedfile import SimpleUploadedFile

from academy.models import ImportRun
from plans.imports.table_context import context_of
from tests.access.table import Row
from tests.factories import NOW

from .factories import drafted, filed, submitted
from .sheets import row, workbook

OFFICE = "district_staff administrator"
UNITS = "town_staff department_staff branch_coordinator"


def build(world) -> None:
    town, department, campus = world.town, world.department, world.campus
    world.plan_draft = drafted(town=town)
    world.plan_of_department = drafted(town=None, department=department)
    world.plan_of_campus = drafted(town=None, campus=campus)
    world.plan_in_review = submitted(town=town, year=2028)
    world.plan_filed = filed(town=town, year=2029)
    world.plan_foreign = submitted(town=world.other_town)
    world.plan_foreign_filed = filed(town=world.other_town, year=2029)
    world.plan_uploads = {
        actor: ImportRun.objects.create(
            kind="plan",
            context=context_of(town, 2030),
            user=user,
            file_name="a.xlsx",
            content=workbook([row()]),
            previewed_at=NOW,
        )
        for actor, user in world.cast.items()
        if user
    }


def own(name):
    return lambda world: [getattr(world, name).pk]


def item_of(name):
    return lambda world: [getattr(world, name).pk, getattr(world, name).items.first().pk]


def upload_of(actor):
    return lambda world: [world.plan_uploads[actor].pk]


def own_and_foreign(
    name: str,
    mine: str,
    foreign: str,
    outcome: int,
    *,
    arguments=own,
    method="post",
    data=None,
    office: str = OFFICE,
    refused: str = "",
) -> list[Row]:
    """An action on the town's plan, and on another town's: the units of elsewhere do not know
    either.
    """
    sent = {"data": lambda world: data or {}}
    kept = {403: refused} if refused else {}
    return [
        Row(
            f"plans:{name}",
            {
                outcome: f"town_staff {office}" if "town_staff" not in refused else office,
                "login": "visitor",
                404: "others",
                **kept,
            },
            arguments(mine),
            method,
            note="own",
            **sent,
        ),
        Row(
            f"plans:{name}",
            {
                outcome: office,
                "login": "visitor",
                404: "others",
                **({403: left} if (left := refused.replace("town_staff", "").strip()) else {}),
            },
            arguments(foreign),
            method,
            note="foreign",
            **sent,
        ),
    ]


ITEM = {
    "name": "班",
    "organiser": "镇",
    "audience": "楼组长",
    "people": "10",
    "runs": "1",
    "months": "4月",
    "days": "0.5",
    "hours": "4",
    "content": "走访",
    "budget": "0",
}


def pair_of(mine, other):
    return lambda world: [getattr(world, name).items.first().pk for name in (mine, other)]


# the pair is known to whoever drafts one of its plans
OVERLAPS = [
    Row(
        "plans:overlap_answer",
        {302: f"{drafts} {OFFICE}", "login": "visitor", 404: units, 403: "others"},
        pair_of(*pair),
        "post",
        note=note,
        data=lambda world: {"take_back": ""},
    )
    for note, pair, drafts, units in (
        (
            "own",
            ("plan_draft", "plan_foreign"),
            "town_staff",
            "department_staff branch_coordinator",
        ),
        ("foreign", ("plan_foreign", "plan_foreign_filed"), "", UNITS),
    )
]

COURSES = [
    *own_and_foreign("plan_courses", "plan_draft", "plan_foreign", 302, data={"match": "1"}),
    *own_and_foreign("item_consent", "plan_draft", "plan_foreign", 404, arguments=item_of),
    *own_and_foreign("item_hints", "plan_draft", "plan_foreign", 200, data=ITEM),
]

ACCESS = [
    Row("plans:overlaps", {200: f"{UNITS} {OFFICE}", "login": "visitor", 403: "others"}),
    *OVERLAPS,
    *COURSES,
    Row("plans:plan_list", {200: f"{UNITS} {OFFICE}", "login": "visitor", 403: "others"}),
    Row(
        "plans:plan_create",
        {302: f"{UNITS} {OFFICE}", "login": "visitor", 403: "others"},
        method="post",
        data=lambda world: {"owner": f"town-{world.town.code}", "year": "2040"},
    ),
    Row(
        "plans:export_all",
        {200: "administrator", "login": "visitor", 403: "others"},
        data=lambda world: {"year": "2027"},
    ),
    Row("plans:import_upload", {200: f"{UNITS} {OFFICE}", "login": "visitor", 403: "others"}),
    Row(
        "plans:import_upload",
        {
            302: f"town_staff {OFFICE}",
            200: "department_staff branch_coordinator",
            "login": "visitor",
            403: "others",
        },
        method="post",
        note="own",
        data=lambda world: {
            "owner": f"town-{world.town.code}",
            "year": "2031",
            "file": SimpleUploadedFile("a.xlsx", workbook([row()])),
        },
    ),
    *own_and_foreign("plan", "plan_draft", "plan_foreign", 200, method="get"),
    Row(
        "plans:plan",
        {200: f"department_staff {OFFICE}", "login": "visitor", 404: "others"},
        own("plan_of_department"),
        note="of a department",
    ),
    Row(
        "plans:plan",
        {200: f"branch_coordinator {OFFICE}", "login": "visitor", 404: "others"},
        own("plan_of_campus"),
        note="of a campus",
    ),
    *own_and_foreign("plan_export", "plan_draft", "plan_foreign", 200, method="get"),
    *own_and_foreign(
        "plan_version",
        "plan_filed",
        "plan_foreign_filed",
        200,
        method="get",
        arguments=lambda name: lambda world: [getattr(world, name).pk, 1],
    ),
    *own_and_foreign("last_year", "plan_draft", "plan_foreign", 302, method="get"),
    *own_and_foreign("last_year", "plan_draft", "plan_foreign", 302),
    *own_and_foreign("item_create", "plan_draft", "plan_foreign", 302, data=ITEM),
    *own_and_foreign("item_edit", "plan_draft", "plan_foreign", 302, arguments=item_of, data=ITEM),
    *own_and_foreign("item_remove", "plan_draft", "plan_foreign", 302, arguments=item_of),
    *own_and_foreign("plan_paper", "plan_draft", "plan_foreign", 200, method="get"),
    *own_and_foreign("plan_rows", "plan_draft", "plan_foreign", 400),
    *own_and_foreign("plan_recall", "plan_in_review", "plan_foreign", 302),
    *own_and_foreign("plan_review", "plan_in_review", "plan_foreign", 302, refused="town_staff"),
    *own_and_foreign("plan_submit", "plan_draft", "plan_foreign", 302),
    *own_and_foreign(
        "plan_amend", "plan_filed", "plan_foreign_filed", 302, data={"reason": "新增一期"}
    ),
    *own_and_foreign("plan_drop_change", "plan_filed", "plan_foreign_filed", 302),
    *own_and_foreign(
        "plan_return",
        "plan_in_review",
        "plan_foreign",
        302,
        data={"opinion": "请补正"},
        refused="town_staff",
    ),
    *own_and_foreign(
        "plan_file",
        "plan_in_review",
        "plan_foreign",
        302,
        office="administrator",
        refused="town_staff district_staff",
    ),
]
for name, method, outcome in (
    ("import_run", "get", 200),
    ("import_choose", "post", 302),
    ("import_confirm", "post", 302),
    ("import_discard", "post", 302),
    ("import_undo", "post", 302),
):
    # A file is its sender's alone; the office sees all and may undo what was imported.
    office = {outcome: OFFICE} if name in ("import_run", "import_undo") else {}
    own = f"town_staff {office.get(outcome, '')}"
    ACCESS += [
        Row(
            f"imports:{name}",
            {
                outcome: own,
                403: "others",
                404: "department_staff branch_coordinator",
                "login": "visitor",
            },
            upload_of("town_staff"),
            method,
            note="of a plan",
        ),
        # a grant that ended since the upload: the sender finds it and may not use it
        Row(
            f"imports:{name}",
            {**office, 403: "others", 404: "town_staff branch_coordinator", "login": "visitor"},
            upload_of("department_staff"),
            method,
            note="without the scope",
        ),
    ]
ACCESS.append(
    Row("plans:import_preview", {302: "others", "login": "visitor"}, upload_of("town_staff"))
)
