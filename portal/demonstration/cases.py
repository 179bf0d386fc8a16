"""The case library of the demonstration: 33 published cases, one in review, one being written."""

from datetime import datetime, timedelta
from pathlib import Path

from academy.models import User
from courses.models import Course
from practicums import cases
from practicums.case_loading import load_cases

REMARK = "示例素材，情节为编写"
WRITTEN = (
    {
        "title": "晾衣杆下的六次碰头会",
        "theme": "楼道清零",
        "place": "某居民区",
        "problem": "一楼长廊堆满旧家具和晾衣杆，清一次堆一次，两户为此不说话。",
        "approach": "居委不再贴告知书，请两户和楼组长在现场碰头六次，先定公共晾晒点，再约清理日。",
        "result": "长廊清空至今，晾晒点由楼组自己排班打扫。",
        "lessons_learned": "先给东西找去处，再谈清理。",
        "remark": REMARK,
    },
    {
        "title": "把水表间改成借物柜",
        "theme": "邻里互助",
        "place": "某居民区",
        "problem": "梯子、打气筒家家要用、家家没有。",
        "approach": "",
        "result": "",
        "remark": REMARK,
    },
)


def fill_the_case_library(directory: Path, *, author: User, now: datetime) -> None:
    """Load the cases of the folder; the author hands one more in and keeps another as a draft."""
    load_cases(directory, now=now - timedelta(days=60))
    handed_in, _draft = (
        cases.begin(
            story=story,
            courses=Course.objects.filter(code="SW-010"),
            by=author,
            now=now - timedelta(days=3),
        )
        for story in WRITTEN
    )
    cases.submit(case=handed_in, by=author, now=now - timedelta(days=2))
