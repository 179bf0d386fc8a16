"""The sample list of secondments, moved so that the second batch is under way on the day."""

import csv
import io
import tempfile
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings

from practicums.models import ItemKind
from practicums.roster import load_secondments

FILE = Path(settings.BASE_DIR) / "demo" / "secondments.csv"
BEGINS = date(2026, 9, 1)  # the second batch
EARLIEST, USUAL, LATEST = 30, 88, 150  # days into its half year with something to do

# What the invented people have handed in; {…} is from the row of the list.
EVIDENCE = {
    ItemKind.TASK_LIST: (
        "1. 熟悉{host}的工作流程，第 1 个月完成。\n2. 推动实事项目“{project}”，挂职期满前 1"
        " 个月完成。\n3. 每月和派出居村通一次情况，带回 1 条可用的做法。\n4. 形成工作案例“{case}”，"
        "挂职期满前 3 周交。"
    ),
    ItemKind.MENTOR_PAIRING: "带教老师：{mentor}，{host}。已见面，约定每周五下午碰头半小时。",
    ItemKind.PRACTICAL_PROJECT: (
        "项目：{project}\n已走访 6 个居村，列出问题 18 条，"
        "和{host}有关科室商定了办法，正在两个小区试行。"
    ),
    ItemKind.GET_TOGETHER: "和同批挂职干部在治理会客厅见面，交流“{project}”的进展，互相出了主意。",
    ItemKind.WORK_CASE: "案例：{case}\n起因、做法、结果和可以照着做的步骤都写在里面，共 1,800 字。",
    ItemKind.PRACTICE_REPORT: (
        "在{host}实践锻炼的体会：学会了跨部门商量事情，"
        "知道了材料背后的流程；回居村后先做的三件事已经列好。"
    ),
    ItemKind.APPRAISAL: (
        "{name}在{host}挂职期间，踏实肯干，主动推进“{project}”，能把部门的办法讲成居民听得懂的话。"
        "挂职表现良好。"
    ),
}


def load_secondments_near(today: date) -> None:
    """Load the list, by whole weeks nearer to the day where the second batch would not be
    running.
    """
    shift = shift_for(today)
    if not shift:
        load_secondments(FILE, today=today, evidence=EVIDENCE)
        return
    with tempfile.TemporaryDirectory() as folder:
        moved = Path(folder) / FILE.name
        moved.write_text(_moved(FILE.read_text(encoding="utf-8"), shift), encoding="utf-8")
        load_secondments(moved, today=today, evidence=EVIDENCE)


def shift_for(today: date) -> timedelta:
    """How far the dates of the list move: whole weeks, none where they fit as they are."""
    days = (today - BEGINS).days
    if EARLIEST <= days <= LATEST:
        return timedelta()
    return timedelta(weeks=(days - USUAL) // 7)


def _moved(text: str, shift: timedelta) -> str:
    """The rows with their dates moved; a batch is then called by the month in which it begins."""
    rows = list(csv.DictReader(io.StringIO(text)))
    written = io.StringIO()
    writer = csv.DictWriter(written, fieldnames=rows[0].keys())
    writer.writeheader()
    for row in rows:
        start = date.fromisoformat(row["start"]) + shift
        end = date.fromisoformat(row["end"]) + shift
        batch = f"{start.year}年{start.month}月批"
        writer.writerow(row | {"start": start, "end": end, "batch": batch})
    return written.getvalue()
