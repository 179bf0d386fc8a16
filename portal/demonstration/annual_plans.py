"""The demonstration year's annual plans, at every step of their way."""

from datetime import date, datetime, timedelta

from academy.imports import runs
from academy.models import Department, Role, RoleGrant, Town, User
from plans import filing, items
from plans.imports.table_context import context_of
from plans.models import AnnualPlan

from . import plan_years
from .files import DEMO_DIR
from .lecture_fees import list_demo_fees
from .plan_classes import hang_demo_classes
from .projects import enter_projects

FIRST_CLERK_PHONE = 19900009050
PLAN_YEAR = 2027  # the year of the sample files
FILED, SENT_BACK, HANDED_IN, DRAFT = "filed", "sent back", "handed in", "draft"
IN_REVIEW, BEING_CHANGED = "in review", "being changed"
# what became of the owner's plan of the year that is over
OVER = {
    "310113103": plan_years.archive_a_year,
    "310113101": plan_years.wait_with_a_report,
    "310113102": plan_years.send_a_report_back,
}
PLANS = (
    ("plan-2027-房管局.xlsx", Department, "D08", FILED),
    ("plan-2027-民政局.xlsx", Department, "D06", BEING_CHANGED),
    ("plan-2027-应急管理局.xlsx", Department, "D09", IN_REVIEW),
    ("plan-2027-杨行镇.xlsx", Town, "310113103", HANDED_IN),
    ("plan-2027-罗店镇.xlsx", Town, "310113101", SENT_BACK),
    ("plan-2027-大场镇.xlsx", Town, "310113102", DRAFT),
)
# of owners without a log-in
CLERKS = {"D06": "谢婉清", "D09": "罗志远", "310113103": "唐晓雯", "310113101": "韩立群"}


def make_plans(now: datetime, administrator: User) -> None:
    """Six plans at every point of their way, each drafted by its owner's staff, three of a year
    that is over; six projects.
    """
    for file, model, code, wanted in PLANS:
        owner = model.objects.get(code=code)
        clerk = _clerk_of(owner, code)
        content = (DEMO_DIR / "plans" / file).read_bytes()
        sent, context = now - timedelta(days=9), context_of(owner, PLAN_YEAR)
        run = runs.preview(
            kind="plan", content=content, name=file, by=clerk, now=sent, context=context
        )
        runs.confirm(run=run, now=sent)
        plan = AnnualPlan.objects.of_owner(owner).get(year=PLAN_YEAR)
        if code in OVER:
            OVER[code](plan, clerk, administrator)
        if wanted == DRAFT:
            _work_on(plan)
            continue
        if wanted == IN_REVIEW:
            plan_years.ask_for_consent(plan, clerk, now - timedelta(days=7))
        plan = filing.submit(plan=plan, by=clerk, now=now - timedelta(days=6))
        if wanted in (FILED, BEING_CHANGED):
            plan = filing.file_plan(plan=plan, by=administrator, now=now - timedelta(days=3))
            if wanted == BEING_CHANGED:
                plan_years.begin_a_change(plan, clerk, now - timedelta(days=1))
        elif wanted == IN_REVIEW:
            filing.accept(plan=plan, by=administrator, now=now - timedelta(days=4))
        elif wanted == SENT_BACK:
            filing.return_for_changes(
                plan=plan,
                reason="第 3 项和第 7 项对象相同，请合并，或说明区别。",
                item_reasons={item.pk: "与第 3 项对象相同" for item in plan.items.filter(number=7)},
                by=administrator,
                now=now - timedelta(days=2),
            )
    enter_projects(now)
    hang_demo_classes(now, administrator)
    list_demo_fees(now, administrator)


def _clerk_of(owner: Town | Department, code: str) -> User:
    """Who drafts the owner's plan; most can not log in."""
    scope = {owner._meta.model_name: owner}
    grant = (
        RoleGrant.objects.filter(**scope, village=None)
        .select_related("user")
        .order_by("pk")
        .first()
    )
    if grant is not None:
        return grant.user
    phone = str(FIRST_CLERK_PHONE + sorted(CLERKS).index(code))
    clerk = User.objects.create_user(phone=phone, password=None, name=CLERKS[code], is_sample=True)
    role = Role.TOWN_STAFF if isinstance(owner, Town) else Role.DEPARTMENT_STAFF
    RoleGrant.objects.create(user=clerk, role=role, valid_from=date(2026, 1, 1), **scope)
    return clerk


def _work_on(plan: AnnualPlan) -> None:
    """Change an item and take one out, so that importing the file once more has something to
    show.
    """
    changed = plan.items.get(number=2)
    changed.people += 20
    items.save_item(plan=plan, item=changed)
    items.remove_item(plan=plan, item=plan.items.last())
