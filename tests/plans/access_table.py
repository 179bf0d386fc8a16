"""Who may open the addresses of plans.

Foreign plans are invisible (404) to units; the office sees all.
"""

from django.core.files.uploadedfile import SimpleUploadedFile

from academy.models import ImportRun
from plans.imports.table_context import context_of
from plans.models import LectureFeeList, Project
from plans.reports import begin_report
from tests.access.table import Row
from tests.factories import NOW, VillageFactory
from tests.trainees.access_table import code_of, staff_rows

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
    village, other_village = VillageFactory(town=town), VillageFactory(town=world.other_town)
    world.project = project_of(village, is_public=True)
    world.project_foreign = project_of(other_village)
    world.project_removed = project_of(village, removed_on=NOW.date(), removed_reason="重复")
    world.project_foreign_removed = project_of(
        other_village, removed_on=NOW.date(), removed_reason="重复"
    )
    world.plan_foreign_draft = drafted(town=world.other_town, year=2031)
    world.plan_reported = filed(town=town, year=2032)
    world.plan_foreign_reported = filed(town=world.other_town, year=2032)
    for plan in (world.plan_reported, world.plan_foreign_reported):
        begin_report(plan=plan, now=NOW)
    world.fees = LectureFeeList.objects.create(town=town, year=2027, quarter=1)
    world.fees_foreign = LectureFeeList.objects.create(town=world.other_town, year=2027, quarter=1)
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


def project_of(village, **fields) -> Project:
    number = Project.objects.count() + 1
    return Project.objects.create(
        code=f"XF-{number:03}",
        title=f"示例项目{number}",
        level="district",
        village=village,
        year=2027,
        updated_at=NOW,
        **fields,
    )


def project_named(name):
    return lambda world: [getattr(world, name).code]


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


AMENDMENT = {
    "reason": "新增一期",
    "kind": "ad_hoc",
    "approved_by_name": "示例主任",
    "approved_by_post": "局长",
    "approved_on": "2026-01-05",
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
    *own_and_foreign("plan_amend", "plan_filed", "plan_foreign_filed", 302, data=AMENDMENT),
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
ACCESS += [
    Row("plans:unit_list", {200: OFFICE, "login": "visitor", 403: "others"}),
    *own_and_foreign(
        "unit_opinion",
        "plan_draft",
        "plan_foreign_draft",
        302,
        data={
            "part": "leader",
            "name": "示例主任",
            "post": "主任",
            "day": "2026-01-05",
            "agrees": "yes",
        },
    ),
    *own_and_foreign("plan_compare", "plan_filed", "plan_foreign_filed", 200, method="get"),
    *own_and_foreign("item_restore", "plan_draft", "plan_foreign", 302, arguments=item_of),
    *own_and_foreign("report", "plan_filed", "plan_foreign_filed", 200, method="get"),
    *own_and_foreign("report_export", "plan_reported", "plan_foreign_reported", 200, method="get"),
    *own_and_foreign(
        "report_accept", "plan_reported", "plan_foreign_reported", 302, refused="town_staff"
    ),
    *own_and_foreign(
        "report_return", "plan_reported", "plan_foreign_reported", 302, refused="town_staff"
    ),
    *own_and_foreign(
        "plan_archive", "plan_reported", "plan_foreign_reported", 302, refused="town_staff"
    ),
]
ACCESS.append(
    Row("plans:import_preview", {302: "others", "login": "visitor"}, upload_of("town_staff"))
)

ACCESS += [
    Row("plans:fee_lists", {200: f"{UNITS} {OFFICE}", "login": "visitor", 403: "others"}),
    Row("plans:fee_list_begin", {200: f"{UNITS} {OFFICE}", "login": "visitor", 403: "others"}),
]
for name, method, outcome in (
    ("fee_list", "get", 200),
    ("fee_list", "post", 302),
    ("fee_list_paper", "get", 200),
    ("fee_list_export", "get", 200),
    *((f"fee_list_{step}", "post", 302) for step in ("refill", "correct", "drop", "supplement")),
    *((f"fee_list_{step}", "post", 302) for step in ("check", "approve", "return", "recall")),
    ("fee_list_received", "post", 302),
    ("fee_list_unsigned", "post", 302),
):
    ACCESS += own_and_foreign(name, "fees", "fees_foreign", outcome, method=method)

KEEPERS = f"town_staff {OFFICE}"


def of_projects(name: str, mine: str, foreign: str, outcome: int, method="post", data=None):
    """Projects of another street-town's villages are unknown to town staff."""
    sent = {"data": lambda world: data or {}}
    return [
        Row(
            f"plans:{name}",
            {outcome: KEEPERS, "login": "visitor", 403: "others"},
            project_named(mine),
            method,
            note="own",
            **sent,
        ),
        Row(
            f"plans:{name}",
            {outcome: OFFICE, "login": "visitor", 404: "town_staff", 403: "others"},
            project_named(foreign),
            method,
            note="foreign",
            **sent,
        ),
    ]


ACCESS += [
    Row("plans:project_list", {200: "others"}),
    Row("plans:project", {200: "others"}, project_named("project"), note="public"),
    Row("plans:project", {404: "others"}, project_named("project_foreign"), note="not public"),
    Row("plans:manage_projects", {200: KEEPERS, "login": "visitor", 403: "others"}),
    Row("plans:project_create", {200: KEEPERS, "login": "visitor", 403: "others"}),
    *of_projects("project_edit", "project", "project_foreign", 200, "get"),
    *of_projects("project_remove", "project", "project_foreign", 302, data={"reason": "重复"}),
    *of_projects("project_restore", "project_removed", "project_foreign_removed", 302),
]

SCHEDULERS = "branch_coordinator town_staff department_staff"
ACCESS += [
    *(
        Row(f"plans:{name}", {200: f"{UNITS} {OFFICE}", "login": "visitor", 403: "others"})
        for name in ("actual", "actual_items", "actual_classes", "actual_people")
    ),
    Row(
        "plans:unfiled_classes", {200: f"{SCHEDULERS} {OFFICE}", "login": "visitor", 403: "others"}
    ),
    Row(
        "plans:hang_classes",
        {302: f"{SCHEDULERS} {OFFICE}", "login": "visitor", 403: "others"},
        method="post",
        data=lambda world: {"action": "hang"},
    ),
    *staff_rows("plans:class_filing", code_of),
    *staff_rows("plans:class_filing", code_of, method="post", note="empty form"),
]

ACCESS += [
    Row("plans:paper_templates", {200: OFFICE, 403: "others", "login": "visitor"}),
    Row(
        "plans:paper_template",
        {200: OFFICE, 403: "others", "login": "visitor"},
        lambda world: ["filing"],
    ),
    Row(
        "plans:paper_template_default",
        {302: OFFICE, 403: "others", "login": "visitor"},
        lambda world: ["year"],
        "post",
    ),
]
