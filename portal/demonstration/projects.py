"""Six invented projects of 先锋行动, marked as samples; one of them is seen by staff alone."""

from datetime import datetime

from academy.imports import runs
from plans.models import PlanItem, Project, ProjectTopic

from .files import DEMO_DIR

TOPICS = (
    "社区微更新",
    "停车治理",
    "加装电梯",
    "垃圾分类",
    "物业与业委会",
    "闲置空间利用",
    "邻里互助",
    "为老服务",
    "乡村治理",
)
WITH_AN_ITEM, TOWN = "XF-002", "310113102"


def enter_projects(now: datetime) -> None:
    """Load the sample projects with the import that offices use, and link one with its plan."""
    ProjectTopic.objects.bulk_create(
        ProjectTopic(name=name, sort_order=number) for number, name in enumerate(TOPICS, start=1)
    )
    content = (DEMO_DIR / "projects" / "projects.csv").read_bytes()
    run = runs.preview(kind="projects", content=content, name="projects.csv", by=None, now=now)
    runs.confirm(run=run, now=now)
    items = PlanItem.objects.filter(plan__town__code=TOWN).order_by("plan__year", "number")
    Project.objects.get(code=WITH_AN_ITEM).plan_items.set(items[:1])
