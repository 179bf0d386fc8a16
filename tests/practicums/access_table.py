"""Who may open the addresses of secondments.

The own secondment is the cadre's: from the world's town, at the world's department. The foreign one
is a stranger's in another town and department: 404 to all but the office, which stands above both.
"""

from datetime import timedelta

from django.utils import timezone

from academy.uploads.kinds import examine
from practicums.models import ItemKind
from practicums.seven_items.evidence_steps import add_evidence
from practicums.seven_items.handing_in import keep_file
from tests.access.table import OTHERS, Row
from tests.factories import NOW, ExpertFactory, class_with, taught_by
from tests.trainees.access_table import person_rows

from .factories import (
    END,
    START,
    PracticeCaseFactory,
    SecondmentFactory,
    all_signed,
    handed_in,
    item_of,
    upload,
)

OFFICE = "district_staff administrator"
NAMED = "town_staff department_staff district_staff administrator"
COLLEAGUES = "village_coordinator branch_coordinator town_staff department_staff"
CASE_WRITERS = f"trainee {COLLEAGUES} {OFFICE}"
STRANGE = {404: OTHERS, "login": "visitor"}
SEEN = "trainee town_staff department_staff"


def build(world) -> None:
    today = timezone.localdate()  # the pages ask the clock
    dates = {
        "starts_on": min(START, today - timedelta(days=30)),
        "ends_on": max(END, today + timedelta(days=30)),
    }
    world.secondment = SecondmentFactory(
        trainee=world.cadre, host_department=world.department, **dates
    )
    world.foreign_secondment = SecondmentFactory(trainee=world.outsider, **dates)
    world.complete_secondment = all_signed(host_department=world.department)
    for secondment in (world.secondment, world.foreign_secondment):
        handed_in(secondment, ItemKind.GET_TOGETHER)
        handed_in(secondment, ItemKind.MENTOR_PAIRING)
    world.evidence, world.foreign_evidence = (
        add_evidence(
            item=item_of(secondment, ItemKind.WORK_CASE),
            by=secondment.trainee.user,
            now=NOW,
            declared_open=True,
            file=examine(upload()),
        )[0]
        for secondment in (world.secondment, world.foreign_secondment)
    )

    world.draft_file, world.foreign_draft_file = (
        keep_file(
            item=item_of(secondment, ItemKind.WORK_CASE),
            by=secondment.trainee.user,
            file=examine(upload()),
            now=NOW,
        )
        for secondment in (world.secondment, world.foreign_secondment)
    )

    world.teacher_of_own_class, world.teacher_of_foreign_class = (
        ExpertFactory(published=True) for _number in range(2)
    )
    taught_by(class_with(seats=5, campus=world.campus).lessons.get(), world.teacher_of_own_class)
    taught_by(class_with(seats=5).lessons.get(), world.teacher_of_foreign_class)

    author = world.cadre.user
    world.public_case = PracticeCaseFactory(status="published", published_at=NOW, author=None)
    world.own_case = PracticeCaseFactory(author=author)
    world.case_in_review = PracticeCaseFactory(author=author, status="in_review")
    world.own_public_case = PracticeCaseFactory(author=author, status="published", published_at=NOW)
    world.foreign_case = PracticeCaseFactory(status="in_review")


def case(name: str):
    return lambda world: [getattr(world, name).code]


def own(*rest):
    return lambda world: [world.secondment.code, *rest]


def foreign(*rest):
    return lambda world: [world.foreign_secondment.code, *rest]


def data(**values):
    return lambda world: values


TEXT = data(text="证据", declared_open="on")
SIGN_AS_HOST, SIGN_AS_ACADEMY = data(role="host", seen_round=1), data(role="academy", seen_round=1)
BACK = data(comment="请补上", seen_round=1)


def record(world):
    return {"text": "见面", "held_on": timezone.localdate().isoformat(), "declared_open": "on"}


DUE = data(due_on="2027-05-05")

ACCESS = [
    Row("practicums:case_list", {200: OTHERS}),
    Row("practicums:case", {200: OTHERS}, args=case("public_case"), note="published"),
    Row("practicums:case", {404: OTHERS}, args=case("own_case"), note="draft"),
    Row("practicums:manage_cases", {200: CASE_WRITERS, 403: OTHERS, "login": "visitor"}),
    Row("practicums:case_create", {200: CASE_WRITERS, 403: OTHERS, "login": "visitor"}),
    Row(
        "practicums:case_create",
        {200: CASE_WRITERS, 403: OTHERS, "login": "visitor"},
        method="post",
        note="empty form",
    ),
    Row(
        "practicums:manage_case",
        {200: f"trainee {OFFICE}", 404: COLLEAGUES, 403: OTHERS, "login": "visitor"},
        args=case("own_case"),
        note="own",
    ),
    Row(
        "practicums:manage_case",
        {200: OFFICE, 404: f"trainee {COLLEAGUES}", 403: OTHERS, "login": "visitor"},
        args=case("foreign_case"),
        note="foreign",
    ),
    Row(
        "practicums:case_edit",
        {200: f"trainee {OFFICE}", 404: COLLEAGUES, 403: OTHERS, "login": "visitor"},
        args=case("own_case"),
        note="own",
    ),
    Row(
        "practicums:case_edit",
        {302: OFFICE, 404: f"trainee {COLLEAGUES}", 403: OTHERS, "login": "visitor"},
        args=case("foreign_case"),
        note="foreign, in review",
    ),
    Row(
        "practicums:case_submit",
        {302: f"trainee {OFFICE}", 404: COLLEAGUES, 403: OTHERS, "login": "visitor"},
        args=case("own_case"),
        method="post",
    ),
    Row(
        "practicums:case_take_back",
        {302: f"trainee {OFFICE}", 404: COLLEAGUES, 403: OTHERS, "login": "visitor"},
        args=case("case_in_review"),
        method="post",
    ),
    Row(
        "practicums:case_return",
        {302: OFFICE, 404: COLLEAGUES, 403: OTHERS, "login": "visitor"},
        args=case("case_in_review"),
        method="post",
        data=lambda w: {"opinion": "请补结果"},
    ),
    Row(
        "practicums:case_publish",
        {302: OFFICE, 404: COLLEAGUES, 403: OTHERS, "login": "visitor"},
        args=case("case_in_review"),
        method="post",
    ),
    Row(
        "practicums:case_take_down",
        {302: OFFICE, 404: COLLEAGUES, 403: OTHERS, "login": "visitor"},
        args=case("own_public_case"),
        method="post",
        data=lambda w: {"opinion": "有变化"},
    ),
    Row(
        "practicums:case_from_secondment",
        {302: OFFICE, 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.complete_secondment.code],
        method="post",
    ),
    Row("practicums:my_secondment", {200: OTHERS, "login": "visitor"}),
    Row(
        "practicums:my_item",
        {200: "trainee", 404: OTHERS, "login": "visitor"},
        args=own("work_case"),
        note="own",
    ),
    Row(
        "practicums:my_item",
        {404: OTHERS, "login": "visitor"},
        args=foreign("work_case"),
        note="foreign",
    ),
    Row(
        "practicums:my_item",
        {302: "trainee", 404: OTHERS, "login": "visitor"},
        args=own("work_case"),
        method="post",
        data=TEXT,
        note="own add",
    ),
    Row(
        "practicums:my_item",
        {404: OTHERS, "login": "visitor"},
        args=foreign("work_case"),
        method="post",
        data=TEXT,
        note="foreign add",
    ),
    Row(
        "practicums:my_item",
        {403: "trainee", 404: OTHERS, "login": "visitor"},
        args=own("appraisal"),
        method="post",
        data=TEXT,
        note="own appraisal",
    ),
    *(
        Row(
            f"practicums:{name}",
            {status: "trainee", 404: OTHERS, "login": "visitor"} if note == "own" else STRANGE,
            args=whose("work_case"),
            method=method,
            data=TEXT,
            note=f"{note} {method}",
        )
        for name, method, status in (
            ("hand_in", "get", 200),
            ("hand_in", "post", 200),
            ("take_back", "post", 302),
            ("save_draft", "post", 200),
            ("add_file", "post", 409),
        )
        for note, whose in (("own", own), ("foreign", foreign))
    ),
    Row(
        "practicums:draft_picture",
        {200: "trainee", 404: OTHERS, "login": "visitor"},
        args=lambda w: [w.secondment.code, "work_case", w.draft_file.key],
        note="own",
    ),
    Row(
        "practicums:draft_picture",
        STRANGE,
        args=lambda w: [w.foreign_secondment.code, "work_case", w.foreign_draft_file.key],
        note="foreign",
    ),
    Row("practicums:my_teaching_statement", {200: OTHERS, "login": "visitor"}),
    *person_rows(
        "practicums:person_teaching", "village_coordinator town_staff district_staff administrator"
    ),
    Row(
        "practicums:expert_teaching",
        {200: f"branch_coordinator {OFFICE}", 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.teacher_of_own_class.code],
        note="own",
    ),
    Row(
        "practicums:expert_teaching",
        {200: OFFICE, 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.teacher_of_foreign_class.code],
        note="foreign",
    ),
    Row("practicums:mentoring", {403: OTHERS, "login": "visitor"}, note="mentors nobody"),
    Row("practicums:board", {200: NAMED, 403: OTHERS, "login": "visitor"}),
    Row(
        "practicums:secondment",
        {200: NAMED, 302: "trainee", 404: OTHERS, "login": "visitor"},
        args=own(),
        note="own",
    ),
    Row(
        "practicums:secondment",
        {200: OFFICE, 404: OTHERS, "login": "visitor"},
        args=foreign(),
        note="foreign",
    ),
    Row(
        "practicums:item",
        {200: NAMED, 302: "trainee", 404: OTHERS, "login": "visitor"},
        args=own("work_case"),
        note="own",
    ),
    Row(
        "practicums:item",
        {200: OFFICE, 404: OTHERS, "login": "visitor"},
        args=foreign("work_case"),
        note="foreign",
    ),
    Row(
        "practicums:sign",
        {
            302: "department_staff",
            403: f"trainee town_staff {OFFICE}",
            404: OTHERS,
            "login": "visitor",
        },
        args=own("mentor_pairing"),
        method="post",
        data=SIGN_AS_HOST,
        note="own as host",
    ),
    Row(
        "practicums:sign",
        {302: OFFICE, 403: SEEN, 404: OTHERS, "login": "visitor"},
        args=own("get_together"),
        method="post",
        data=SIGN_AS_ACADEMY,
        note="own as academy",
    ),
    Row(
        "practicums:sign",
        {302: OFFICE, 404: OTHERS, "login": "visitor"},
        args=foreign("get_together"),
        method="post",
        data=SIGN_AS_ACADEMY,
        note="foreign",
    ),
    Row(
        "practicums:send_back",
        {
            302: f"department_staff {OFFICE}",
            403: "trainee town_staff",
            404: OTHERS,
            "login": "visitor",
        },
        args=own("mentor_pairing"),
        method="post",
        data=BACK,
        note="own",
    ),
    Row(
        "practicums:send_back",
        {302: OFFICE, 404: OTHERS, "login": "visitor"},
        args=foreign("mentor_pairing"),
        method="post",
        data=BACK,
        note="foreign",
    ),
    Row(
        "practicums:add_record",
        {
            302: f"trainee {OFFICE}",
            403: "town_staff department_staff",
            404: OTHERS,
            "login": "visitor",
        },
        args=own("get_together"),
        method="post",
        data=record,
        note="own",
    ),
    Row(
        "practicums:add_record",
        {302: OFFICE, 404: OTHERS, "login": "visitor"},
        args=foreign("get_together"),
        method="post",
        data=record,
        note="foreign",
    ),
    Row(
        "practicums:change_due",
        {302: OFFICE, 403: SEEN, 404: OTHERS, "login": "visitor"},
        args=own("work_case"),
        method="post",
        data=DUE,
        note="own",
    ),
    Row(
        "practicums:change_due",
        {302: OFFICE, 404: OTHERS, "login": "visitor"},
        args=foreign("work_case"),
        method="post",
        data=DUE,
        note="foreign",
    ),
    Row(
        "practicums:appraisal",
        {
            302: "department_staff",
            403: f"trainee town_staff {OFFICE}",
            404: OTHERS,
            "login": "visitor",
        },
        args=own(),
        method="post",
        data=TEXT,
        note="own",
    ),
    Row(
        "practicums:appraisal",
        {403: OFFICE, 404: OTHERS, "login": "visitor"},
        args=foreign(),
        method="post",
        data=TEXT,
        note="foreign",
    ),
    Row(
        "practicums:close",
        {302: OFFICE, 403: "department_staff", 404: OTHERS, "login": "visitor"},
        args=lambda w: [w.complete_secondment.code],
        method="post",
        note="complete",
    ),
    Row(
        "practicums:close",
        {302: OFFICE, 404: OTHERS, "login": "visitor"},
        args=foreign(),
        method="post",
        note="foreign",
    ),
    Row(
        "practicums:withdraw",
        {302: OFFICE, 403: SEEN, 404: OTHERS, "login": "visitor"},
        args=own(),
        method="post",
        data=data(reason="工作调动"),
        note="own",
    ),
    Row(
        "practicums:withdraw",
        {302: OFFICE, 404: OTHERS, "login": "visitor"},
        args=foreign(),
        method="post",
        data=data(reason="工作调动"),
        note="foreign",
    ),
    *(
        Row(
            f"practicums:{name}",
            {200: seen, 404: OTHERS, "login": "visitor"},
            args=lambda w, piece=piece: [getattr(w, piece).key],
            note=note,
        )
        for name in ("evidence_file", "evidence_picture")
        for piece, seen, note in (
            ("evidence", f"trainee {NAMED}", "own"),
            ("foreign_evidence", OFFICE, "foreign"),
        )
    ),
]
