"""Plans of a year that is over, and of this one on their way: reports that wait, are sent back and
archived, a filed plan that was changed, one that is being changed.
"""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from academy.models import User
from plans import filing, items, reports
from plans.consents import record_consent
from plans.last_year import bring_in
from plans.models import AmendmentKind, AnnualPlan, ConsentState, ExecutionReport, PlanItem

OVER = 2025  # the year that is over
SHANGHAI = ZoneInfo("Asia/Shanghai")
LEADER = "示例镇长", "镇长"


def at(month: int, day: int, year: int = OVER) -> datetime:
    """Ten o'clock of a day of the year that is over."""
    return datetime(year, month, day, 10, tzinfo=SHANGHAI)


def archive_a_year(plan: AnnualPlan, clerk: User, administrator: User) -> None:
    """The owner's plan of the year that is over: filed, changed once, reported, archived."""
    over = _filed(plan, clerk, administrator)
    over = _changed_once(over, clerk, administrator)
    report = _handed_in(over, clerk)
    reports.accept_report(report=report, by=administrator, now=at(3, 3, OVER + 1))
    reports.archive(plan=over, by=administrator, now=at(3, 4, OVER + 1))


def wait_with_a_report(plan: AnnualPlan, clerk: User, administrator: User) -> None:
    """Its report lies with the office."""
    _handed_in(_filed(plan, clerk, administrator), clerk)


def send_a_report_back(plan: AnnualPlan, clerk: User, administrator: User) -> None:
    """Its unit has to mend its report."""
    report = _handed_in(_filed(plan, clerk, administrator), clerk)
    reports.return_report(
        report=report,
        reason="第 1 项写明实际举办的日期，第 2 项补写效果。",
        by=administrator,
        now=at(3, 5, OVER + 1),
    )


def begin_a_change(plan: AnnualPlan, clerk: User, now: datetime) -> None:
    """A filed plan of this year is opened: its last training is cancelled, not handed in yet."""
    plan = filing.amend(
        plan=plan,
        reason="上级统一安排，最后一项不再单独举办。",
        approval=filing.LeaderApproval("示例局长", "局长", now.date()),
        by=clerk,
        now=now,
    )
    items.remove_item(plan=plan, item=plan.items.last())


def ask_for_consent(plan: AnnualPlan, clerk: User, now: datetime) -> None:
    """Its first training calls cadres of other systems; the organisation department was asked."""
    item = plan.items.first()
    item.other_system_cadres = True
    items.save_item(plan=plan, item=item)
    record_consent(item=item, state=ConsentState.ASKED, asked_on=now.date(), by=clerk, now=now)


def _filed(plan: AnnualPlan, clerk: User, administrator: User) -> AnnualPlan:
    """The same trainings two years before, filed in March."""
    over = filing.create_plan(owner=plan.owner, year=OVER, by=clerk, now=at(2, 20))
    times = {
        item.pk: item.months.replace(str(plan.year), str(OVER)) for item in plan.items.counted()
    }
    bring_in(plan=over, before=plan, times=times)
    over = filing.submit(plan=over, by=clerk, now=at(3, 10))
    return filing.file_plan(plan=over, by=administrator, now=at(3, 20), opinion="同意备案。")


def _changed_once(plan: AnnualPlan, clerk: User, administrator: User) -> AnnualPlan:
    """One training is cancelled and one added, filed as the second version."""
    plan = filing.amend(
        plan=plan,
        reason="汛期前增办防汛值守培训，取消最后一项。",
        approval=filing.LeaderApproval(*LEADER, at(6, 2).date()),
        by=clerk,
        now=at(6, 3),
        kind=AmendmentKind.CHANGE,
    )
    items.remove_item(plan=plan, item=plan.items.last(), reason="与区级培训合并举办")
    items.save_item(
        plan=plan,
        item=PlanItem(
            name="防汛值守临时培训",
            organiser=plan.owner.name,
            audience="居村防汛责任人",
            people=60,
            runs=1,
            months="6月",
            days=Decimal("0.5"),
            hours=Decimal(4),
            content="积水点巡查、人员转移、险情报送",
            budget=Decimal(3_000),
            funding="镇财政",
        ),
    )
    plan = filing.submit(plan=plan, by=clerk, now=at(6, 4))
    return filing.file_plan(plan=plan, by=administrator, now=at(6, 6))


def _handed_in(plan: AnnualPlan, clerk: User) -> ExecutionReport:
    """Written as it was planned, handed in in February of the year after."""
    report = reports.begin_report(plan=plan, now=at(1, 12, OVER + 1))
    planned = {item.key: item for item in plan.items.counted()}
    rows = list(report.rows.filter(item_key__in=planned))
    for row in rows:
        item = planned[row.item_key]
        row.held, row.place = item.months or "全年", item.place
        row.people, row.staff, row.spent = item.people, 4, item.budget
        row.results = f"办班 {item.runs} 期，参训人员会用所学处理本职工作。"
    reports.save_rows(report=report, rows=rows)
    return reports.hand_in_report(report=report, by=clerk, now=at(2, 25, OVER + 1))
