"""Demonstration data: courses at every point of their life.

The hundred of the catalogue keep what the file says of them.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from academy.models import Department, User
from courses.catalogue import publishing
from courses.catalogue.drafts import LINK_LISTS, LINKS, PLAIN_FIELDS, save_draft
from courses.models import Course, CourseStatus, CourseStep, CourseVersion, ServiceItem, Track

CATALOGUE_AGE = timedelta(days=320)  # since the catalogue was published as a whole


def lead_courses_through_their_lives(
    now: datetime, *, department_staff: User, office: User
) -> None:
    """Drafts, reviews, notes sent back, changes of published courses, versions, and a course that
    was retired.
    """
    CourseVersion.objects.update(published_at=now - CATALOGUE_AGE)
    CourseStep.objects.update(at=now - CATALOGUE_AGE)
    _three_versions(now, department_staff, office)
    _changes(now, department_staff, office)
    _new_ones(now, department_staff, office)
    _retired(now, department_staff, office)


def _values(course: Course, **changed) -> dict:
    """What the form of the course holds, with some of it rewritten."""
    course = Course.objects.get(pk=course.pk)
    plain = {name: getattr(course, name) for name in (*PLAIN_FIELDS, *LINKS)}
    return plain | {name: list(getattr(course, name).all()) for name in LINK_LISTS} | changed


def _three_versions(now: datetime, writer: User, office: User) -> None:
    """Shortened for a try, and back to what the catalogue says."""
    course = Course.objects.get(code="SW-002")
    original = _values(course)
    tried = original | {
        "hours": Decimal("5.00"),
        "summary": original["summary"].replace("，", "；", 1) + "（试行一季，压缩演练环节。）",
    }
    for values, note, days, opinion in (
        (tried, "试行一季：演练压到一个半学时", 200, "同意试行，请收集学员意见。"),
        (original, "恢复 6 学时：学员反映演练时间不够", 70, ""),
    ):
        at = now - timedelta(days=days)
        save_draft(course=course, values=values, note=note, by=writer, now=at - timedelta(days=6))
        publishing.submit(course=course, by=writer, now=at - timedelta(days=5))
        publishing.approve(course=course, by=office, now=at, opinion=opinion)


def _changes(now: datetime, writer: User, office: User) -> None:
    """One change waits for the office, one came back."""
    waits = Course.objects.get(code="ZC-009")
    values = _values(
        waits,
        hours=Decimal("3.50"),
        outline="一、资金从哪里来\n二、一张表看懂使用程序\n三、应急维修怎么走绿色通道\n四、公开公示怎么做",
    )
    save_draft(
        course=waits,
        values=values,
        note="补上应急维修的新口径，增加半学时",
        by=writer,
        now=now - timedelta(days=4),
    )
    publishing.submit(course=waits, by=writer, now=now - timedelta(days=3))
    returned = Course.objects.get(code="ZC-007")
    values = _values(returned, title=returned.title + "（修订）")
    save_draft(
        course=returned, values=values, note="按新规定修订", by=writer, now=now - timedelta(days=9)
    )
    publishing.submit(course=returned, by=writer, now=now - timedelta(days=8))
    publishing.return_for_changes(
        course=returned,
        reason="标题不用加“修订”，版本号会自己记。请写明新规定改了哪几条。",
        by=office,
        now=now - timedelta(days=6),
    )


def _new_ones(now: datetime, writer: User, office: User) -> None:
    """A draft, one in review, one that came back."""
    _draft(
        "ZC-026",
        "既有住宅加装电梯后的日常管理",
        "电梯装好以后：谁付电费、谁管保养、一楼住户的补偿怎么落实，用三份真实的管理协议逐条讨论。",
        ("FW-01",),
    )
    in_review = _draft(
        "SW-101",
        "物业交接现场实训",
        "跟一遍新旧物业交接：清单、钥匙、账目、监控录像，四组轮换当交接人和见证人。",
        ("FW-04",),
        hours="4",
    )
    publishing.submit(course=in_review, by=writer, now=now - timedelta(days=2))
    returned = _draft(
        "SW-102",
        "装修巡查口袋课",
        "十分钟认出承重墙，二十分钟学会怎么开口。",
        ("FW-06",),
        hours="1",
    )
    publishing.submit(course=returned, by=writer, now=now - timedelta(days=7))
    publishing.return_for_changes(
        course=returned,
        reason="和“装修管理”那门课内容相近，请说明区别，或并进去。",
        by=office,
        now=now - timedelta(days=5),
    )


def _retired(now: datetime, writer: User, office: User) -> None:
    """An old course with two versions, taken over by one of the catalogue."""
    old = _draft(
        "SW-103",
        "加装电梯政策解读（旧版）",
        "逐条解读加装电梯的申请条件和补贴标准。",
        ("FW-01",),
        hours="2",
    )
    publishing.submit(course=old, by=writer, now=now - timedelta(days=300))
    publishing.approve(course=old, by=office, now=now - timedelta(days=298), note="第一版")
    values = _values(
        old, summary="逐条解读加装电梯的申请条件、补贴标准和公示要求。", hours=Decimal("2.50")
    )
    save_draft(
        course=old, values=values, note="加上公示要求", by=writer, now=now - timedelta(days=180)
    )
    publishing.submit(course=old, by=writer, now=now - timedelta(days=179))
    publishing.approve(course=old, by=office, now=now - timedelta(days=175))
    publishing.retire(
        course=old,
        reason="政策口径已更新，内容并入“电梯加装”实训。",
        successor=Course.objects.get(code="SW-001"),
        by=office,
        now=now - timedelta(days=30),
    )


def _draft(
    code: str, title: str, summary: str, items: tuple[str, ...], *, hours: str = "3"
) -> Course:
    course = Course.objects.create(
        code=code,
        title=title,
        summary=summary,
        track=Track.objects.get(prefix=code[:2]),
        department=Department.objects.get(code="D08"),
        hours=Decimal(hours),
        status=CourseStatus.DRAFT,
        objectives="• 说清要做哪几步\n• 回去就能用",
    )
    course.service_items.set(ServiceItem.objects.filter(code__in=items))
    return course
