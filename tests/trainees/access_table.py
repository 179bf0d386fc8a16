"""Who may open the addresses of classes, bookings and attendance.

The own class is held at the world's campus, the department's by the world's department, the salon's
at the salon of the world's town; a foreign one at a campus of another town, by nobody of the world.
Classes that are not drafts are seen by everybody, so whoever does not run one gets 403; a draft is
404 to all but those who run it.
"""

from datetime import timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from academy.models import ImportRun
from academy.uploads.kinds import examine
from courses.models import ClassStatus
from trainees.booking.enrolling import book
from trainees.booking.seat_ledger import record
from trainees.classes.materials import add_material
from trainees.door.sheets import add_photo
from trainees.door.wall import code_at
from trainees.evaluation.improvements import mend
from trainees.evaluation.windows import open_due
from trainees.me.calendar_feed import feed_of
from trainees.models import (
    AbsenceAppeal,
    Deputy,
    EnrolmentEventKind,
    EnrolmentStatus,
    LateWithdrawal,
    LeaveRequest,
    MakeUp,
    Nomination,
    NoShowAppeal,
)
from trainees.on_behalf.nominations import nominate
from trainees.record.claims import ask_for_hours

from ..access.table import OTHERS, Row
from ..factories import (
    NOW,
    CourseFactory,
    EnrolmentFactory,
    TraineeFactory,
    UserFactory,
    class_with,
)
from ..practicums.factories import picture
from .certified import certificate_of
from .entries import joined
from .evaluated import attended_by, held
from .pasts import was_absent

OFFICE = "district_staff administrator"
AT_THE_CAMPUS = f"branch_coordinator {OFFICE}"
AT_THE_SALON = f"town_staff {OFFICE}"
OF_THE_DEPARTMENT = f"department_staff {OFFICE}"
SCHEDULERS = f"branch_coordinator town_staff department_staff {OFFICE}"
COLLEAGUES = f"village_coordinator town_staff {OFFICE}"


def build(world) -> None:
    world.own_class = class_with(seats=5, campus=world.campus)
    world.salon_class = class_with(seats=5, campus=world.salon)
    world.department_class = class_with(seats=5, department=world.department)
    world.foreign_class = class_with(seats=5)
    world.gauging_class = class_with(seats=5, status=ClassStatus.DRAFT, gauges_interest=True)
    world.own_draft_class = class_with(seats=5, campus=world.campus, status=ClassStatus.DRAFT)
    world.roster_of_the_town, world.roster_of_a_command = (
        ImportRun.objects.create(
            kind="roster", status="imported", file_name="花名册.xlsx", user=by, previewed_at=NOW
        )
        for by in (world.cast["town_staff"], None)
    )
    world.material_of_own_class, world.material_of_foreign_class = (
        add_material(
            lesson=held.lessons.get(),
            title="讲义",
            file=examine(SimpleUploadedFile("讲义.pdf", b"%PDF-1.7 x")),
            by=world.cast["administrator"],
            now=NOW,
        )
        for held in (world.own_class, world.foreign_class)
    )
    world.own_sheet, world.foreign_sheet = (
        add_photo(
            lesson=held.lessons.get(),
            file=examine(SimpleUploadedFile("签到表.jpg", picture("JPEG"))),
            by=world.cast["administrator"],
            now=NOW,
        )
        for held in (world.own_class, world.foreign_class)
    )
    class_of_colleagues = class_with(seats=5)
    world.seat_of_the_village, world.seat_elsewhere = (
        book(trainee=person, training_class=class_of_colleagues, by=person.user, now=NOW)
        for person in (TraineeFactory(village=world.village), TraineeFactory())
    )
    class_of_the_sent = class_with(
        seats=4, town_seats={world.town: 2, world.outsider.village.town: 2}
    )
    for person in (world.cadre, world.outsider):
        nominate(
            trainees=[person],
            training_class=class_of_the_sent,
            town=person.village.town,
            by=world.cast["administrator"],
            now=NOW,
        )
    world.nomination_of_the_trainee, world.nomination_elsewhere = Nomination.objects.order_by("pk")
    chain = class_with(seats=4, approval="chain", starts_at=NOW + timedelta(days=40))
    world.own_step, world.foreign_step = (
        book(trainee=person, training_class=chain, by=person.user, now=NOW).approval.steps.get(
            decision="pending"
        )
        for person in (TraineeFactory(village=world.village), world.outsider)
    )
    world.claim = ask_for_hours(
        trainee=world.outsider,
        title="示例培训",
        organiser="示例学校",
        starts_on=NOW.date(),
        ends_on=NOW.date(),
        hours=Decimal(4),
        file=examine(SimpleUploadedFile("证明.pdf", b"%PDF-1.7 x")),
        by=world.outsider.user,
        now=NOW,
    )
    world.own_certificate = certificate_of(world.cadre, world.own_class)
    world.foreign_certificate = certificate_of(world.outsider, world.foreign_class)
    world.year_certificate = certificate_of(world.outsider)
    world.deputies = {
        name: Deputy.objects.create(
            approver=world.cast[name],
            person=UserFactory(),
            valid_from=NOW.date(),
            valid_to=NOW.date(),
            reason="出差",
            named_at=NOW,
        )
        for name in COLLEAGUES.split()
    }
    for person in (world.cadre, world.outsider):
        person.postings.create(
            village=person.village, position=person.position, valid_from=NOW.date()
        )
    world.twin = TraineeFactory(village=world.village)
    world.own_merge, world.foreign_merge = (
        joined(
            TraineeFactory(village=village),
            TraineeFactory(village=village),
            world.cast["administrator"],
        )
        for village in (world.village, world.outsider.village)
    )
    world.calendar_feed = feed_of(world.outsider, NOW)
    world.foreign_draft_class = class_with(seats=5, status=ClassStatus.DRAFT)
    world.own_withdrawal, world.foreign_withdrawal = (
        _withdrawal(class_with(seats=5, **where)) for where in ({"campus": world.campus}, {})
    )
    world.own_evaluated, world.foreign_evaluated = (
        held(people=1, **where) for where in ({"campus": world.campus}, {})
    )
    attended_by(world.cadre, world.own_evaluated)
    for where in ({"campus": world.salon}, {"department": world.department}):
        held(people=1, **where)
    open_due(NOW)
    world.own_improvement, world.foreign_improvement = (
        mend(
            training_class=item,
            finding="讲义来得晚",
            action="开班前两天发讲义",
            responsible=world.cast["administrator"],
            due_on=NOW.date() + timedelta(days=9),
            by=world.cast["administrator"],
            now=NOW,
        )
        for item in (world.own_evaluated, world.foreign_evaluated)
    )
    _leave_and_absences(world)
    for enrolment in world.outsider.enrolments.filter(events=None):  # the feed counts them
        record(enrolment, EnrolmentEventKind.BOOKED, NOW, world.outsider.user)
    world.appeal = NoShowAppeal.objects.create(
        trainee=world.outsider, reason="那天在防汛一线", asked_at=NOW, asked_by=world.outsider.user
    )


def _leave_and_absences(world) -> None:
    """Leave that waits and a mark “absent”, of the trainee and of somebody else."""
    for name, person in (("own", world.cadre), ("foreign", world.outsider)):
        training_class = class_with(seats=1)
        enrolment = EnrolmentFactory(
            trainee=person,
            training_class=training_class,
            pool=_one_seat_of(training_class),
            status=EnrolmentStatus.BOOKED,
        )
        asked = LeaveRequest.objects.create(
            enrolment=enrolment, reason="家里有事", asked_at=NOW, asked_by=person.user
        )
        asked.lessons.set(training_class.lessons.all())
        setattr(world, f"{name}_leave", asked)
        held = was_absent(person, CourseFactory(), days_ago=3)
        mark = held.enrolments.get().attendances.get()
        setattr(world, f"{name}_absence", mark)
        make_up = MakeUp.objects.create(
            enrolment=mark.enrolment,
            missed=mark.lesson,
            lesson=class_with(seats=1).lessons.get(),
            booked_at=NOW,
            booked_by=person.user,
        )
        setattr(world, f"{name}_make_up", make_up)
        if name == "foreign":
            world.foreign_absence_appeal = AbsenceAppeal.objects.create(
                enrolment=mark.enrolment,
                lesson=mark.lesson,
                reason="那天在防汛一线",
                asked_at=NOW,
                asked_by=person.user,
            )


def _one_seat_of(training_class):
    pool = training_class.pools.get()
    pool.seats_taken = 1
    pool.save()
    return pool


def _withdrawal(training_class):
    """A late withdrawal that waits, on the one seat taken in the class."""
    enrolment = EnrolmentFactory(
        training_class=training_class,
        pool=_one_seat_of(training_class),
        status=EnrolmentStatus.BOOKED,
    )
    return LateWithdrawal.objects.create(
        enrolment=enrolment, reason="家里有事", asked_at=NOW, asked_by=enrolment.trainee.user
    )


def code_of(name):
    return lambda world: [getattr(world, name).code]


def lesson_of(name):
    return lambda world: [getattr(world, name).lessons.get().pk]


def reason(world):
    return {"reason": "老师生病"}


# Who runs which class, and what those get who do not.
SCOPES = [
    ("own_class", AT_THE_CAMPUS, 403, "own campus"),
    ("salon_class", AT_THE_SALON, 403, "own salon"),
    ("department_class", OF_THE_DEPARTMENT, 403, "own department"),
    ("foreign_class", OFFICE, 403, "foreign"),
    ("own_draft_class", AT_THE_CAMPUS, 404, "own draft"),
    ("foreign_draft_class", OFFICE, 404, "foreign draft"),
]


def staff_rows(name, args, *, outcome=200, **more):
    """One row for each scope: `outcome` for those who run the class, a refusal for all others,
    log-in for the visitor.
    """
    note = more.pop("note", "")
    return [
        Row(
            name,
            {outcome: who, refusal: OTHERS, "login": "visitor"},
            args=args(scope),
            note=f"{scope_note} {note}".strip(),
            **more,
        )
        for scope, who, refusal, scope_note in SCOPES
    ]


def sheet_rows(name, *, outcome=200, **more):
    """A photo of the own class's sheet and of a foreign one's."""
    return [
        Row(
            name,
            {outcome: who, 403: OTHERS, "login": "visitor"},
            args=lambda w, which=which: [getattr(w, which).key],
            note=note,
            **more,
        )
        for which, who, note in (
            ("own_sheet", AT_THE_CAMPUS, "own campus"),
            ("foreign_sheet", OFFICE, "foreign"),
        )
    ]


def check_code_of(name):
    return lambda world: [getattr(world, name).check_code]


def key_of(name):
    return lambda world: [getattr(world, name).pk]


def certificate_rows(name, args, *, outcome=200, refusal=None, **more):
    """A row for a certificate of the own class, of a foreign one and of a year. `refusal` is what
    those get who may see it but not change it; others get 404.
    """
    note = more.pop("note", "")
    holder = {refusal: "trainee"} if refusal else {}
    rows = [
        ("own_certificate", {outcome: AT_THE_CAMPUS, **holder}, "own class"),
        ("foreign_certificate", {outcome: OFFICE}, "foreign class"),
        ("year_certificate", {outcome: OFFICE}, "year"),
    ]
    if refusal:
        rows[2] = (
            "year_certificate",
            {outcome: "administrator", refusal: "district_staff"},
            "year",
        )
    else:
        rows[0] = ("own_certificate", {outcome: f"trainee {AT_THE_CAMPUS}"}, "own class")
    return [
        Row(
            name,
            {**expect, 404: OTHERS, "login": "visitor"},
            args=args(which),
            note=f"{of_what} {note}".strip(),
            **more,
        )
        for which, expect, of_what in rows
    ]


def person_of(name):
    return lambda world: [getattr(world, name).user.pk]


def post_of(name):
    return lambda world: [getattr(world, name).user.pk, getattr(world, name).postings.get().pk]


def somebody_of_the_office(world):
    return [world.cast["administrator"].pk]


# Who sees and who changes people: the own village's and town's, everybody for the office.
IN_THE_TOWN = f"town_staff {OFFICE}"
STRANGERS = "village_coordinator town_staff"


def person_rows(name, who, *, args=person_of, outcome=200, **more):
    """A row for the own and one for a foreign person; whoever works for neither gets 404, whoever
    works with no people at all 403.
    """
    office = " ".join(actor for actor in who.split() if actor in OFFICE.split())
    return [
        Row(
            name,
            {outcome: who, 403: OTHERS, "login": "visitor"},
            args=args("cadre"),
            note="own person",
            **more,
        ),
        Row(
            name,
            {outcome: office, 404: STRANGERS, 403: OTHERS, "login": "visitor"},
            args=args("outsider"),
            note="foreign person",
            **more,
        ),
    ]


def pair_rows(name, *, outcome=200, note="", **more):
    """Two of the own town, and one who is not."""
    pairs = {"own pair": ("cadre", "twin"), "foreign pair": ("cadre", "outsider")}
    return [
        Row(
            name,
            {outcome: OFFICE, 403: OTHERS, "login": "visitor"}
            | ({outcome: IN_THE_TOWN} if scope == "own pair" else {404: STRANGERS}),
            args=lambda world, pair=pair: [getattr(world, one).user.pk for one in pair],
            note=f"{scope} {note}".strip(),
            **more,
        )
        for scope, pair in pairs.items()
    ]


def merge_rows(name, **more):
    """A joining of two of the own town, and one of others."""
    return [
        Row(
            name,
            {200: who, 404: stranger, 403: OTHERS, "login": "visitor"},
            args=lambda world, scope=scope: [getattr(world, scope).pk],
            note=scope,
            **more,
        )
        for scope, who, stranger in (
            ("own_merge", IN_THE_TOWN, ""),
            ("foreign_merge", OFFICE, "town_staff"),
        )
    ]


PRIORITY = {"person": "0", "priority": "-1", "reason": "新任书记"}


def granted(world):
    return {"decision": "granted"}


def material_rows() -> list[Row]:
    """For those who run the class the file is there; for others it does not exist."""
    rows = []
    for scope, who, _refusal, note in SCOPES[0::3][:2]:
        args = lambda w, name=f"material_of_{scope}": [getattr(w, name).key]  # noqa: E731
        rows += [
            Row(
                "trainees:material",
                {200: who, 404: OTHERS, "login": "visitor"},
                args=args,
                note=note,
            ),
            Row(
                "trainees:change_material",
                {302: who, 403: OTHERS, "login": "visitor"},
                args=args,
                method="post",
                note=note,
            ),
        ]
    return rows


def evaluation_rows():
    """What trainees answer, and what those who run or teach a class see."""
    mine = {200: "trainee", 403: OTHERS, "login": "visitor"}
    sent = {302: "trainee", 403: OTHERS, "login": "visitor"}
    rows = [
        Row("trainees:my_evaluations", {200: OTHERS, "login": "visitor"}),
        *(
            Row(name, {200: SCHEDULERS, 403: OTHERS, "login": "visitor"})
            for name in (
                "trainees:evaluations",
                "trainees:evaluation_trends",
                "trainees:improvements",
            )
        ),
        *staff_rows("trainees:class_evaluation", code_of),
        *staff_rows("trainees:class_evaluation", code_of, method="post", note="empty form"),
    ]
    for name, who, note in (
        ("own_improvement", AT_THE_CAMPUS, "own"),
        ("foreign_improvement", OFFICE, "foreign"),
    ):
        rows.append(
            Row(
                "trainees:improvement_done",
                {302: who, 404: OTHERS, "login": "visitor"},
                args=lambda world, name=name: [getattr(world, name).pk],
                method="post",
                note=note,
            )
        )
    for name, note in (("own_evaluated", "own"), ("foreign_evaluated", "foreign")):
        args = code_of(name)
        used = lambda world, args=args: [*args(world), 30]  # noqa: E731
        rows += [
            Row("trainees:evaluate", mine, args=args, note=note),
            Row("trainees:evaluate", mine, args=args, method="post", note=f"{note} empty form"),
            Row("trainees:say_use", mine, args=used, note=note),
            Row("trainees:say_use", sent, args=used, method="post", note=note),
        ]
    return rows


ACCESS = [
    *material_rows(),
    *[
        Row(
            name,
            {302: SCHEDULERS, 403: OTHERS, "login": "visitor"},
            method=method,
            note="nothing ticked" if method == "post" else "",
        )
        for name in (
            "trainees:message_to_classes",
            "trainees:classes_paper",
            "trainees:combine_classes",
        )
        for method in ("get", "post")
    ],
    Row("trainees:people", {200: COLLEAGUES, 403: OTHERS, "login": "visitor"}),
    Row("trainees:people_export", {200: COLLEAGUES, 403: OTHERS, "login": "visitor"}),
    Row("trainees:people_stages", {302: IN_THE_TOWN, 403: OTHERS, "login": "visitor"}),
    Row(
        "trainees:people_stages",
        {302: IN_THE_TOWN, 403: OTHERS, "login": "visitor"},
        method="post",
        note="nobody ticked",
    ),
    Row("trainees:person_add", {200: IN_THE_TOWN, 403: OTHERS, "login": "visitor"}),
    *person_rows("trainees:person", COLLEAGUES),
    *person_rows("trainees:person_reveal", COLLEAGUES, method="post"),
    *person_rows("trainees:person_correct", IN_THE_TOWN),
    *person_rows("trainees:person_move", IN_THE_TOWN),
    *person_rows("trainees:person_add_post", IN_THE_TOWN),
    *person_rows("trainees:person_end_post", IN_THE_TOWN, args=post_of),
    *person_rows("trainees:person_phone", IN_THE_TOWN),
    Row("trainees:duplicates", {200: IN_THE_TOWN, 403: OTHERS, "login": "visitor"}),
    Row("trainees:merges", {200: IN_THE_TOWN, 403: OTHERS, "login": "visitor"}),
    Row(
        "trainees:compare_ticked",
        {302: IN_THE_TOWN, 403: OTHERS, "login": "visitor"},
        note="nobody ticked",
    ),
    *pair_rows("trainees:duplicate_pair"),
    *pair_rows("trainees:duplicate_pair", method="post", note="empty form"),
    *pair_rows("trainees:different_people", method="post", outcome=302),
    *merge_rows("trainees:merge"),
    *merge_rows("trainees:undo_merge", method="post"),
    *person_rows("trainees:person_suspend", OFFICE),
    *person_rows("trainees:person_restore", OFFICE, method="post", outcome=302),
    *(
        Row(
            name,
            {200: "administrator", 404: STRANGERS, 403: OTHERS, "login": "visitor"},
            args=somebody_of_the_office,
            note="somebody of the office",
        )
        for name in ("trainees:person_phone", "trainees:person_suspend")
    ),
    *staff_rows("trainees:book_for_class", code_of),
    *staff_rows("trainees:book_for_class", code_of, method="post", note="empty form"),
    Row(
        "trainees:change_booking",
        {200: AT_THE_CAMPUS, 404: "town_staff department_staff", 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.own_withdrawal.enrolment.pk],
        note="own campus",
    ),
    Row(
        "trainees:change_booking",
        {200: AT_THE_CAMPUS, 404: "town_staff department_staff", 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.own_withdrawal.enrolment.pk],
        method="post",
        note="own campus, empty form",
    ),
    Row(
        "trainees:change_booking",
        {
            200: OFFICE,
            404: "branch_coordinator town_staff department_staff",
            403: OTHERS,
            "login": "visitor",
        },
        args=lambda w: [w.foreign_withdrawal.enrolment.pk],
        note="foreign",
    ),
    Row(
        "trainees:change_booking",
        {
            302: OFFICE,
            404: "branch_coordinator town_staff department_staff",
            403: OTHERS,
            "login": "visitor",
        },
        args=lambda w: [w.foreign_withdrawal.enrolment.pk],
        method="post",
        data=lambda w: {"wish": "withdraw", "reason": "人来不了"},
        note="foreign",
    ),
    Row("trainees:join", {200: "visitor", 302: OTHERS}),
    Row("trainees:join", {200: "visitor", 302: OTHERS}, method="post", note="empty form"),
    Row("trainees:join_code", {302: OTHERS}, note="nothing typed before"),
    Row(
        "trainees:join_code",
        {302: OTHERS},
        method="post",
        data=lambda world: {"code": "123456"},
        note="nothing typed before",
    ),
    Row("trainees:light_account", {404: OTHERS, "login": "visitor"}, note="no light account"),
    Row(
        "trainees:light_account",
        {404: OTHERS, "login": "visitor"},
        method="post",
        note="no light account",
    ),
    Row("trainees:rosters", {200: f"town_staff {OFFICE}", 403: OTHERS, "login": "visitor"}),
    Row(
        "trainees:rosters",
        {200: f"town_staff {OFFICE}", 403: OTHERS, "login": "visitor"},
        method="post",
        note="empty form",
    ),
    Row(
        "trainees:tell_new_people",
        {302: f"town_staff {OFFICE}", 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.roster_of_the_town.pk],
        method="post",
        note="own",
    ),
    Row(
        "trainees:tell_new_people",
        {302: OFFICE, 404: "town_staff", 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.roster_of_a_command.pk],
        method="post",
        note="foreign",
    ),
    Row("trainees:groups", {200: OFFICE, 403: OTHERS, "login": "visitor"}),
    Row(
        "trainees:offer",
        {302: "trainee", 403: OTHERS, "login": "visitor"},
        args=code_of("foreign_class"),
    ),
    Row(
        "trainees:offer",
        {302: "trainee", 403: OTHERS, "login": "visitor"},
        args=code_of("foreign_class"),
        method="post",
    ),
    Row(
        "trainees:offer",
        {403: AT_THE_CAMPUS, 404: OTHERS, "login": "visitor"},
        args=code_of("own_draft_class"),
        note="draft",
    ),
    Row(
        "trainees:exemption",
        {200: "trainee", 403: OTHERS, "login": "visitor"},
        args=code_of("foreign_class"),
    ),
    Row(
        "trainees:exemption",
        {302: "trainee", 403: OTHERS, "login": "visitor"},
        args=code_of("foreign_class"),
        method="post",
        data=reason,
    ),
    Row(
        "trainees:exemption",
        {403: AT_THE_CAMPUS, 404: OTHERS, "login": "visitor"},
        args=code_of("own_draft_class"),
        note="draft",
    ),
    Row(
        "trainees:leave",
        {200: "trainee", 403: OTHERS, "login": "visitor"},
        args=code_of("foreign_class"),
    ),
    Row(
        "trainees:leave",
        {302: "trainee", 403: OTHERS, "login": "visitor"},
        args=code_of("foreign_class"),
        method="post",
        data=reason,
        note="no seat there",
    ),
    Row(
        "trainees:leave",
        {403: AT_THE_CAMPUS, 404: OTHERS, "login": "visitor"},
        args=code_of("own_draft_class"),
        note="draft",
    ),
    Row(
        "trainees:take_leave_back",
        {302: "trainee", 404: OTHERS, "login": "visitor"},
        args=lambda w: [w.own_leave.pk],
        method="post",
    ),
    Row(
        "trainees:take_leave_back",
        {404: OTHERS, "login": "visitor"},
        args=lambda w: [w.foreign_leave.pk],
        method="post",
        note="somebody else's",
    ),
    Row(
        "trainees:absence",
        {200: "trainee", 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.own_absence.pk],
    ),
    Row(
        "trainees:absence",
        {302: "trainee", 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.own_absence.pk],
        method="post",
        data=lambda world: {"claim": "reason", "reason": "那天在防汛一线"},
    ),
    Row(
        "trainees:absence",
        {404: "trainee", 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.foreign_absence.pk],
        note="somebody else's",
    ),
    Row(
        "trainees:make_up",
        {302: "trainee", 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.own_absence.pk],
        method="post",
    ),
    Row(
        "trainees:make_up",
        {404: "trainee", 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.foreign_absence.pk],
        method="post",
        note="somebody else's",
    ),
    *(
        Row(
            "trainees:give_make_up_back",
            outcomes,
            args=lambda w, name=name: [getattr(w, name).pk],
            method="post",
            note=note,
        )
        for name, outcomes, note in (
            ("own_make_up", {302: "trainee", 404: OTHERS, "login": "visitor"}, ""),
            ("foreign_make_up", {404: OTHERS, "login": "visitor"}, "somebody else's"),
        )
    ),
    Row("trainees:my_absences", {200: OTHERS, "login": "visitor"}),
    Row("trainees:my_number", {200: OTHERS, "login": "visitor"}),
    Row("trainees:my_number", {200: OTHERS, "login": "visitor"}, method="post", note="empty form"),
    Row(
        "trainees:my_absences",
        {302: "trainee", 403: OTHERS, "login": "visitor"},
        method="post",
        data=reason,
    ),
    *staff_rows("trainees:class_rules", code_of),
    *staff_rows("trainees:class_rules", code_of, method="post", note="empty form"),
    *staff_rows("trainees:move_people", code_of),
    *staff_rows("trainees:move_people", code_of, method="post", note="empty form"),
    *staff_rows("trainees:class_materials", code_of),
    *staff_rows("trainees:class_materials", code_of, method="post", note="empty form"),
    *staff_rows("trainees:class_message", code_of),
    *staff_rows("trainees:class_message", code_of, method="post", note="empty form"),
    *staff_rows("trainees:queue", code_of),
    *staff_rows(
        "trainees:queue",
        code_of,
        method="post",
        outcome=302,
        data=lambda world: PRIORITY,
        note="move",
    ),
    Row(
        "trainees:requests",
        {
            200: f"branch_coordinator town_staff department_staff {OFFICE}",
            403: OTHERS,
            "login": "visitor",
        },
    ),
    Row(
        "trainees:decide_request",
        {302: AT_THE_CAMPUS, 404: "town_staff department_staff", 403: OTHERS, "login": "visitor"},
        args=lambda w: ["withdrawal", w.own_withdrawal.pk],
        method="post",
        data=granted,
        note="own campus",
    ),
    Row(
        "trainees:decide_request",
        {
            302: OFFICE,
            404: "branch_coordinator town_staff department_staff",
            403: OTHERS,
            "login": "visitor",
        },
        args=lambda w: ["withdrawal", w.foreign_withdrawal.pk],
        method="post",
        data=granted,
        note="foreign",
    ),
    *(
        Row(
            "trainees:decide_request",
            {
                302: OFFICE,
                404: "branch_coordinator town_staff department_staff",
                403: OTHERS,
                "login": "visitor",
            },
            args=lambda w, kind=kind, name=name: [kind, getattr(w, name).pk],
            method="post",
            data=granted,
            note=kind,
        )
        for kind, name in (("leave", "foreign_leave"), ("absence", "foreign_absence_appeal"))
    ),
    Row(
        "trainees:decide_request",
        {302: OFFICE, 403: OTHERS, "login": "visitor"},
        args=lambda w: ["appeal", w.appeal.pk],
        method="post",
        data=granted,
        note="appeal",
    ),
    Row("trainees:class_list", {200: OTHERS}),
    Row("trainees:class_page", {200: OTHERS}, args=code_of("foreign_class"), note="open"),
    Row(
        "trainees:class_page",
        {200: AT_THE_CAMPUS, 404: OTHERS},
        args=code_of("own_draft_class"),
        note="own draft",
    ),
    Row(
        "trainees:class_page",
        {200: OFFICE, 404: OTHERS},
        args=code_of("foreign_draft_class"),
        note="foreign draft",
    ),
    Row(
        "trainees:book",
        {302: "trainee", 403: OTHERS, "login": "visitor"},
        args=code_of("foreign_class"),
        method="post",
    ),
    Row(
        "trainees:book",
        {302: OTHERS, "login": "visitor"},
        args=code_of("foreign_class"),
        note="no POST",
    ),
    Row(
        "trainees:book",
        {403: AT_THE_CAMPUS, 404: OTHERS, "login": "visitor"},
        args=code_of("own_draft_class"),
        method="post",
        note="draft",
    ),
    Row(
        "trainees:cancel",
        {302: "trainee", 403: OTHERS, "login": "visitor"},
        args=code_of("foreign_class"),
        note="ask",
    ),
    Row(
        "trainees:cancel",
        {302: "trainee", 403: OTHERS, "login": "visitor"},
        args=code_of("foreign_class"),
        method="post",
    ),
    Row(
        "trainees:cancel",
        {403: AT_THE_CAMPUS, 404: OTHERS, "login": "visitor"},
        args=code_of("own_draft_class"),
        method="post",
        note="draft",
    ),
    Row(
        "trainees:offer",
        {302: "trainee", 403: OTHERS, "login": "visitor"},
        args=code_of("foreign_class"),
        note="no seat is held",
    ),
    Row(
        "trainees:offer",
        {302: "trainee", 403: OTHERS, "login": "visitor"},
        args=code_of("foreign_class"),
        method="post",
        note="no seat is held",
    ),
    Row(
        "trainees:offer",
        {403: AT_THE_CAMPUS, 404: OTHERS, "login": "visitor"},
        args=code_of("own_draft_class"),
        note="draft",
    ),
    Row("trainees:my_bookings", {301: OTHERS, "login": "visitor"}),
    Row("trainees:teaching", {403: OTHERS, "login": "visitor"}, note="no expert"),
    Row("trainees:my_follows", {200: OTHERS, "login": "visitor"}),
    Row(
        "trainees:change_follow",
        {302: "trainee", 403: OTHERS, "login": "visitor"},
        args=lambda w: ["campus", w.campus.code],
        method="post",
    ),
    Row(
        "trainees:change_follow",
        {404: "trainee", 403: OTHERS, "login": "visitor"},
        args=lambda w: ["village", w.village.code],
        method="post",
        note="what cannot be followed",
    ),
    Row("trainees:my_hours", {200: OTHERS, "login": "visitor"}),
    Row(
        "trainees:my_hour_statement",
        {200: "trainee", 302: OTHERS, "login": "visitor"},
        note="whoever has no profile is led to the page that says so",
    ),
    *person_rows("trainees:person_hours", COLLEAGUES),
    Row("trainees:my_claims", {200: OTHERS, "login": "visitor"}),
    Row("trainees:my_claims", {200: OTHERS, "login": "visitor"}, method="post", note="empty form"),
    Row(
        "trainees:claim_file",
        {200: OFFICE, 404: OTHERS, "login": "visitor"},
        args=lambda world: [world.claim.key],
    ),
    Row("trainees:hour_claims", {200: OFFICE, 403: OTHERS, "login": "visitor"}),
    Row(
        "trainees:hour_claim",
        {200: OFFICE, 403: OTHERS, "login": "visitor"},
        args=key_of("claim"),
    ),
    Row(
        "trainees:hour_claim",
        {302: OFFICE, 403: OTHERS, "login": "visitor"},
        args=key_of("claim"),
        method="post",
        note="no sentence",
    ),
    Row("trainees:calendar", {200: "trainee", 403: OTHERS, "login": "visitor"}),
    Row(
        "trainees:change_calendar",
        {302: "trainee", 403: OTHERS, "login": "visitor"},
        method="post",
        data=lambda w: {"wish": "renew"},
    ),
    Row(
        "trainees:calendar_feed",
        {200: OTHERS},
        args=lambda w: [w.calendar_feed.token],
        note="the address is the key",
    ),
    Row(
        "trainees:booked",
        {302: "trainee", 403: OTHERS, "login": "visitor"},
        args=code_of("foreign_class"),
        note="not booked",
    ),
    Row(
        "trainees:booked",
        {403: AT_THE_CAMPUS, 404: OTHERS, "login": "visitor"},
        args=code_of("own_draft_class"),
        note="draft",
    ),
    *(
        Row(
            "trainees:own_slots",
            {302: "trainee", 403: OTHERS, "login": "visitor"},
            args=code_of("foreign_class"),
            method=method,
            note="not booked",
        )
        for method in ("get", "post")
    ),
    *(
        Row(
            "trainees:own_slots",
            {403: AT_THE_CAMPUS, 404: OTHERS, "login": "visitor"},
            args=code_of("own_draft_class"),
            method=method,
            note="draft",
        )
        for method in ("get", "post")
    ),
    *(
        Row(
            "trainees:own_question",
            {302: "trainee", 403: OTHERS, "login": "visitor"},
            args=code_of("foreign_class"),
            method=method,
            note="not booked",
        )
        for method in ("get", "post")
    ),
    *(
        Row(
            "trainees:own_question",
            {403: AT_THE_CAMPUS, 404: OTHERS, "login": "visitor"},
            args=code_of("own_draft_class"),
            method=method,
            note="draft",
        )
        for method in ("get", "post")
    ),
    Row(
        "trainees:class_file",
        {404: "trainee", 403: OTHERS, "login": "visitor"},
        args=code_of("foreign_class"),
        note="not booked",
    ),
    Row(
        "trainees:class_file",
        {403: AT_THE_CAMPUS, 404: OTHERS, "login": "visitor"},
        args=code_of("own_draft_class"),
        note="draft",
    ),
    Row("trainees:calendar_feed", {404: OTHERS}, args=lambda w: ["a" * 43], note="unknown"),
    Row(
        "trainees:colleagues",
        {200: COLLEAGUES, 403: OTHERS, "login": "visitor"},
        args=code_of("foreign_class"),
    ),
    Row(
        "trainees:colleagues",
        {200: COLLEAGUES, 403: OTHERS, "login": "visitor"},
        args=code_of("foreign_class"),
        method="post",
        note="nobody ticked",
    ),
    Row(
        "trainees:colleagues",
        {200: OFFICE, 404: "village_coordinator town_staff", 403: OTHERS, "login": "visitor"},
        args=code_of("foreign_draft_class"),
        note="draft",
    ),
    Row(
        "trainees:swap",
        {200: COLLEAGUES, 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.seat_of_the_village.pk],
        note="own village",
    ),
    Row(
        "trainees:swap",
        {200: OFFICE, 404: "village_coordinator town_staff", 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.seat_elsewhere.pk],
        note="foreign village",
    ),
    Row(
        "trainees:swap",
        {200: OFFICE, 404: "village_coordinator town_staff", 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.seat_elsewhere.pk],
        method="post",
        note="foreign village",
    ),
    Row(
        "trainees:pass_on",
        {302: "trainee", 403: OTHERS, "login": "visitor"},
        args=code_of("foreign_class"),
        note="no seat",
    ),
    Row(
        "trainees:pass_on",
        {302: "trainee", 403: OTHERS, "login": "visitor"},
        args=code_of("foreign_class"),
        method="post",
        note="no seat",
    ),
    Row(
        "trainees:nominations",
        {200: f"town_staff {OFFICE}", 403: OTHERS, "login": "visitor"},
        args=code_of("foreign_class"),
    ),
    Row(
        "trainees:nominations",
        {200: f"town_staff {OFFICE}", 403: OTHERS, "login": "visitor"},
        args=code_of("foreign_class"),
        method="post",
        note="nobody ticked",
    ),
    Row(
        "trainees:nominations",
        {200: OFFICE, 404: "town_staff", 403: OTHERS, "login": "visitor"},
        args=code_of("foreign_draft_class"),
        note="draft",
    ),
    Row(
        "trainees:nomination_replace",
        {200: f"town_staff {OFFICE}", 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.nomination_of_the_trainee.pk],
        note="own town",
    ),
    Row(
        "trainees:nomination_replace",
        {200: OFFICE, 404: "town_staff", 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.nomination_elsewhere.pk],
        note="foreign town",
    ),
    Row(
        "trainees:nomination_replace",
        {200: OFFICE, 404: "town_staff", 403: OTHERS, "login": "visitor"},
        args=lambda w: [w.nomination_elsewhere.pk],
        method="post",
        note="foreign town",
    ),
    Row(
        "trainees:nomination",
        {200: "trainee", 404: OTHERS, "login": "visitor"},
        args=lambda w: [w.nomination_of_the_trainee.pk],
        note="own",
    ),
    Row(
        "trainees:nomination",
        {404: OTHERS, "login": "visitor"},
        args=lambda w: [w.nomination_elsewhere.pk],
        note="foreign",
    ),
    Row(
        "trainees:nomination",
        {404: OTHERS, "login": "visitor"},
        args=lambda w: [w.nomination_elsewhere.pk],
        method="post",
        note="foreign",
        data=lambda w: {"wish": "come"},
    ),
    Row(
        "trainees:export_roster",
        {200: AT_THE_CAMPUS, 403: OTHERS, "login": "visitor"},
        args=code_of("own_class"),
        note="own",
    ),
    Row(
        "trainees:export_roster",
        {200: OFFICE, 403: OTHERS, "login": "visitor"},
        args=code_of("foreign_class"),
        note="foreign",
    ),
    Row(
        "trainees:export_roster",
        {302: AT_THE_CAMPUS, 403: OTHERS, "login": "visitor"},
        args=code_of("own_class"),
        method="post",
        data=lambda w: {"name": "签到", "columns": ["name"]},
    ),
    Row(
        "trainees:season_open",
        {200: SCHEDULERS, 403: OTHERS, "login": "visitor"},
        args=lambda w: ["2027Q1"],
    ),
    Row(
        "trainees:season_open",
        {302: SCHEDULERS, 403: OTHERS, "login": "visitor"},
        args=lambda w: ["2027Q1"],
        method="post",
        data=lambda w: {"class": [w.own_draft_class.code]},
    ),
    Row("trainees:approvals", {200: COLLEAGUES, 403: OTHERS, "login": "visitor"}),
    Row(
        "trainees:approvals",
        {200: COLLEAGUES, 403: OTHERS, "login": "visitor"},
        method="post",
        note="nobody ticked",
    ),
    Row(
        "trainees:approvals",
        {302: "village_coordinator", 404: f"town_staff {OFFICE}", 403: OTHERS, "login": "visitor"},
        method="post",
        data=lambda w: {"steps": [w.own_step.pk], "decision": "approve"},
        note="own village, its level",
    ),
    Row(
        "trainees:approvals",
        {302: OFFICE, 404: "village_coordinator town_staff", 403: OTHERS, "login": "visitor"},
        method="post",
        data=lambda w: {"steps": [w.foreign_step.pk], "decision": "approve"},
        note="foreign town, where only the office is left to ask",
    ),
    Row("trainees:deputies", {200: COLLEAGUES, 403: OTHERS, "login": "visitor"}),
    Row(
        "trainees:deputies",
        {200: COLLEAGUES, 403: OTHERS, "login": "visitor"},
        method="post",
        note="empty form",
    ),
    *(
        Row(
            "trainees:end_deputy",
            {
                302: who,
                404: " ".join(name for name in COLLEAGUES.split() if name != who),
                403: OTHERS,
                "login": "visitor",
            },
            args=lambda w, who=who: [w.deputies[who].pk],
            method="post",
            note=f"named by the {who}",
        )
        for who in COLLEAGUES.split()
    ),
    Row(
        "trainees:book_colleagues",
        {200: "village_coordinator town_staff", 403: OTHERS, "login": "visitor"},
    ),
    Row("trainees:load", {200: COLLEAGUES, 403: OTHERS, "login": "visitor"}),
    Row("trainees:dispatch", {200: f"town_staff {OFFICE}", 403: OTHERS, "login": "visitor"}),
    *evaluation_rows(),
    Row("trainees:lessons", {200: SCHEDULERS, 403: OTHERS, "login": "visitor"}),
    *staff_rows("trainees:class_overview", code_of),
    *staff_rows("trainees:class_roster", code_of),
    *staff_rows("trainees:class_attendance", code_of),
    *staff_rows("trainees:class_quotas", code_of),
    *staff_rows("trainees:class_quotas", code_of, method="post", note="empty form"),
    *staff_rows("trainees:class_records", code_of),
    *staff_rows("trainees:class_archive", code_of),
    *staff_rows("trainees:class_certificates", code_of),
    *staff_rows("trainees:class_certificates", code_of, outcome=302, method="post"),
    *staff_rows("trainees:class_certificates_paper", code_of),
    *staff_rows("trainees:class_certificates_pdf", code_of, outcome=302, note="none is valid"),
    *certificate_rows("trainees:certificate", check_code_of),
    *certificate_rows("trainees:certificate_pdf", check_code_of, outcome=302, note="not valid"),
    *certificate_rows("trainees:revoke_certificate", key_of, refusal=403),
    *certificate_rows("trainees:revoke_certificate", key_of, refusal=403, method="post"),
    *certificate_rows(
        "trainees:renew_certificate", key_of, refusal=403, outcome=302, method="post"
    ),
    Row("trainees:certificates", {200: SCHEDULERS, 403: OTHERS, "login": "visitor"}),
    Row("trainees:certificates_pdf", {302: SCHEDULERS, 403: OTHERS, "login": "visitor"}),
    Row("trainees:year_certificates", {200: "administrator", 403: OTHERS, "login": "visitor"}),
    Row("trainees:my_path", {200: OTHERS, "login": "visitor"}),
    Row("trainees:path_list", {200: COLLEAGUES, 403: OTHERS, "login": "visitor"}),
    *person_rows("trainees:person_path", COLLEAGUES),
    Row("trainees:hour_gaps", {200: COLLEAGUES, 403: OTHERS, "login": "visitor"}),
    Row("trainees:my_certificates", {200: OTHERS, "login": "visitor"}),
    Row("trainees:check_certificate", {200: OTHERS}),
    Row("trainees:check_certificate", {200: OTHERS}, method="post", note="empty form"),
    Row("trainees:checked_certificate", {200: OTHERS}, args=check_code_of("own_certificate")),
    Row("trainees:checked_certificate", {404: OTHERS}, args=lambda w: ["0" * 16], note="unknown"),
    *staff_rows("trainees:class_copy", code_of),
    *staff_rows("trainees:class_copy", code_of, method="post", note="empty form"),
    *staff_rows("trainees:roster_paper", code_of),
    *staff_rows("trainees:class_day", code_of),
    *staff_rows("trainees:class_day", code_of, outcome=302, method="post", note="nothing chosen"),
    *staff_rows("trainees:groups_paper", code_of),
    *staff_rows("trainees:class_questions", code_of),
    *staff_rows("trainees:class_slots", code_of),
    *staff_rows("trainees:class_slots", code_of, outcome=302, method="post", note="places"),
    *staff_rows("trainees:name_cards", code_of),
    Row(
        "trainees:my_groups",
        {404: OTHERS, "login": "visitor"},
        args=code_of("own_class"),
        note="takes no part",
    ),
    Row(
        "trainees:my_groups",
        {404: OTHERS, "login": "visitor"},
        args=code_of("foreign_draft_class"),
        note="foreign draft",
    ),
    *staff_rows("trainees:class_edit", code_of),
    *staff_rows("trainees:class_edit", code_of, method="post", note="empty form"),
    *staff_rows("trainees:close_class", code_of, outcome=302, method="post"),
    *staff_rows("trainees:reopen_class", code_of),
    *staff_rows("trainees:reopen_class", code_of, outcome=302, method="post", data=reason),
    *staff_rows("trainees:cancel_class", code_of, outcome=302, method="post", data=reason),
    *staff_rows("trainees:attendance", lesson_of),
    *staff_rows(
        "trainees:attendance",
        lesson_of,
        outcome=302,
        method="post",
        data=lambda w: {"action": "rest"},
    ),
    *staff_rows("trainees:roll_history", lesson_of),
    *staff_rows("trainees:roll_worker", lesson_of),
    *staff_rows("trainees:roll_offline", lesson_of, outcome=400, method="post", note="no JSON"),
    *staff_rows("trainees:roll_lock", lesson_of, outcome=302, method="post"),
    *staff_rows("trainees:roll_reopen", lesson_of, outcome=302, method="post", data=reason),
    *staff_rows("trainees:sign_in_sheet", lesson_of),
    *staff_rows("trainees:wall", lesson_of),
    *staff_rows("trainees:wall_code", lesson_of),
    *staff_rows("trainees:ticket_scan", lesson_of),
    *staff_rows("trainees:ticket_scan", lesson_of, method="post", note="no code"),
    *staff_rows("trainees:walk_in", lesson_of),
    *staff_rows("trainees:walk_in", lesson_of, method="post", note="empty form"),
    *staff_rows("trainees:sheet_photos", lesson_of),
    *staff_rows("trainees:sheet_photos", lesson_of, method="post", note="no photo"),
    *sheet_rows("trainees:sheet_photo"),
    *sheet_rows("trainees:delete_sheet_photo", outcome=302, method="post"),
    Row("trainees:own_check_in", {200: OTHERS, "login": "visitor"}, args=lesson_of("own_class")),
    Row(
        "trainees:own_check_in",
        {302: OTHERS, "login": "visitor"},
        args=lesson_of("foreign_class"),
        method="post",
        note="no scan",
    ),
    Row(
        "trainees:own_check_in",
        {404: OTHERS, "login": "visitor"},
        args=lesson_of("foreign_draft_class"),
        note="foreign draft",
    ),
    Row(
        "trainees:wall_scan",
        {400: OTHERS},
        args=lambda w: [*lesson_of("own_class")(w), "1-0000000000000000"],
        note="by hand",
    ),
    Row(
        "trainees:wall_scan",
        {200: OTHERS, "login": "visitor"},
        args=lambda w: [pk := lesson_of("own_class")(w)[0], code_at(pk, timezone.now())],
        note="as it stands on the wall",
    ),
    Row(
        "trainees:interest",
        {302: "trainee", 403: OTHERS, "login": "visitor"},
        args=code_of("gauging_class"),
        method="post",
        note="announced",
    ),
    Row(
        "trainees:interest",
        {403: AT_THE_CAMPUS, 404: OTHERS, "login": "visitor"},
        args=code_of("own_draft_class"),
        method="post",
        note="draft",
    ),
]
