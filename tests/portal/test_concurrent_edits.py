"""Two people open one form.

Whoever saves second sees what the first one saved, loses nothing, and chooses.
"""

import importlib
import inspect
import json
import pkgutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django import forms
from django.conf import settings
from django.contrib.admin.sites import site
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse

from academy.models import RoleGrant
from academy.web import concurrent_edits
from academy.web.concurrent_edits import BASED_ON, ConcurrentAdmin, ConcurrentEdit
from courses.models import ClassStatus, CourseStatus, TrainingClass
from notices.models import ReminderRule
from practicums.models import ItemKind
from practicums.seven_items.appraisal import write_appraisal

from ..factories import (
    NOW,
    CourseFactory,
    CourseVersionFactory,
    DepartmentFactory,
    ExpertFactory,
    LearnerGroupFactory,
    PositionFactory,
    ProgrammeFactory,
    ServiceItemFactory,
    TeachingFormatFactory,
    TownFactory,
    TrackFactory,
    VenueFactory,
    class_with,
)
from ..page_forms import filled_form
from ..plans.factories import drafted, filed
from ..plans.fees import begun, taught_class
from ..practicums.factories import (
    PracticeCaseFactory,
    SecondmentBatchFactory,
    SecondmentFactory,
    host_official_of,
    item_of,
)

pytestmark = pytest.mark.django_db


@dataclass
class Edit:
    """A form of a row: where it opens and is sent, a field, another field, and values for both."""

    page: str
    field: str
    other: str = ""
    values: tuple[str, str, str] = ("甲先改的", "乙后改的", "丙另外改的")
    send: str = ""
    more: dict | None = None

    @property
    def to(self) -> str:
        return self.send or self.page


def _class(**more):
    return class_with(
        seats=20, status=ClassStatus.DRAFT, starts_at=NOW + timedelta(days=14), **more
    )


def _course(status=CourseStatus.DRAFT):
    course = CourseFactory(
        title="楼道清零", summary="一起动手。", objectives="会劝导", status=status
    )
    if status == CourseStatus.PUBLISHED:
        CourseVersionFactory(course=course, number=1)
    return Edit(
        reverse("courses:course_edit", args=[course.code]),
        "title",
        "objectives",
        more={"save": "draft"},
    )


def _plan_item():
    plan = drafted(items=1)
    return Edit(reverse("plans:item_edit", args=[plan.pk, plan.items.get().pk]), "name", "content")


def _fees():
    department = DepartmentFactory()
    taught_class(department=department)
    fee_list = begun(department)
    row = fee_list.rows.get()
    return Edit(
        fee_list.get_absolute_url(),
        f"yuan-{row.pk}",
        f"rank-{row.expert_id}",
        ("500", "600", "professor"),
    )


def _report():
    plan = filed(items=2)
    return Edit(
        reverse("plans:report", args=[plan.pk]), "form-0-results", "form-1-problems", more={}
    )


def _due():
    item = item_of(SecondmentFactory(), ItemKind.WORK_CASE)
    days = [str(item.due_on + timedelta(days=number)) for number in (1, 2, 3)]
    return Edit(
        item.get_absolute_url(),
        "due_on",
        values=tuple(days),
        send=reverse("practicums:change_due", args=[item.secondment.code, item.kind]),
    )


def _appraisal():
    secondment = SecondmentFactory()
    official = host_official_of(secondment)
    write_appraisal(secondment=secondment, text="表现良好", by=official, now=NOW)
    edit = Edit(
        reverse("practicums:item", args=[secondment.code, ItemKind.APPRAISAL]),
        "text",
        send=reverse("practicums:appraisal", args=[secondment.code]),
        more={"declared_open": "on"},
    )
    edit.user = official
    return edit


def _admin(row, field, *more, **fields):
    return Edit(
        reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk]),
        field,
        *more,
        **fields,
    )


EDITS = {
    "class": lambda: Edit(
        reverse("trainees:class_edit", args=[_class().code]),
        "class-title",
        "class-capacity",
        ("甲先改的", "乙后改的", "12"),
        more={"save": "draft"},
    ),
    "class-rules": lambda: Edit(
        reverse("trainees:class_rules", args=[_class().code]),
        "approval_days",
        "offer_hours",
        ("3", "4", "6"),
    ),
    "course": _course,
    "published-course": lambda: _course(CourseStatus.PUBLISHED),
    "service-item": lambda: Edit(
        reverse(
            "courses:service_edit",
            args=[ServiceItemFactory(question="怎么装电梯？", keywords="电梯").code],
        ),
        "question",
        "name",
    ),
    "expert": lambda: Edit(
        reverse("courses:expert_edit", args=[ExpertFactory(name="示例师").code]),
        "specialities",
        "organisation",
    ),
    "case": lambda: Edit(
        reverse("practicums:case_edit", args=[PracticeCaseFactory().code]), "approach", "result"
    ),
    "plan-item": _plan_item,
    "lecture-fees": _fees,
    "report": _report,
    "due-day": _due,
    "appraisal": _appraisal,
    "admin-batch": lambda: _admin(SecondmentBatchFactory(), "name", "programme"),
    "admin-track": lambda: _admin(TrackFactory(), "name"),
    "admin-format": lambda: _admin(
        TeachingFormatFactory(), "name", "code", values=("甲先改的", "乙后改的", "F-99")
    ),
    "admin-programme": lambda: _admin(ProgrammeFactory(), "name"),
    "admin-item": lambda: _admin(
        ServiceItemFactory(question="怎么装电梯？", keywords="电梯"), "name", "question"
    ),
    "admin-expert": lambda: _admin(
        ExpertFactory(name="示例师", specialities="加装电梯"), "specialities", "title"
    ),
    "admin-group": lambda: _admin(LearnerGroupFactory(), "name"),
    "admin-reminder": lambda: _admin(
        ReminderRule.objects.create(kind="sample", name="示例提醒", days_before=1, at_hour=9),
        "days_before",
        "at_hour",
        ("2", "3", "8"),
    ),
}


@pytest.fixture
def two(time_machine, district_staff, administrator):
    """Two people of the office, each with a browser of their own."""
    time_machine.move_to(NOW, tick=False)
    browsers = Client(), Client()
    for browser, user in zip(browsers, (district_staff, administrator), strict=True):
        user.is_staff = user.is_superuser = True
        user.save()
        browser.force_login(user)
    return browsers


ONE_OF_EACH_KIND = pytest.mark.parametrize(
    "edit",
    ["class", "published-course", "plan-item", "report", "appraisal", "admin-item"],
    indirect=True,
)


@pytest.fixture(params=list(EDITS))
def edit(request, two):
    found = EDITS[request.param]()
    for browser in two if hasattr(found, "user") else ():
        browser.force_login(found.user)
    return found


def opened(browser, edit) -> dict:
    return filled_form(browser.get(edit.page).content.decode(), holding=edit.field) | (
        edit.more or {}
    )


def put(browser, edit, form, **changes):
    sent = {
        name: values
        for name, values in form.items()
        if not name.startswith(("csrf", "add", "another", "_"))
    }
    return browser.post(edit.to, sent | changes)


def held(browser, edit, field) -> str:
    return opened(browser, edit)[field][0]


def shown_again(answer, edit) -> tuple[str, dict]:
    page = answer.content.decode()
    assert answer.status_code == 200, unquote(getattr(answer, "url", ""))
    return page, filled_form(page, holding=edit.field) | (edit.more or {})


def test_the_second_sees_what_the_first_one_saved_and_chooses(two, edit):
    """What A saved stands until B has seen it; then B saves what was typed."""
    (a, b), (first, second, _other) = two, edit.values
    form_of_a, form_of_b = opened(a, edit), opened(b, edit)
    assert put(a, edit, form_of_a, **{edit.field: first}).status_code == 302

    page, again = shown_again(put(b, edit, form_of_b, **{edit.field: second}), edit)

    assert first in page and "改过" in page and again[edit.field] == [second]
    assert held(a, edit, edit.field) == first
    assert put(b, edit, again).status_code == 302
    assert held(a, edit, edit.field) == second


@ONE_OF_EACH_KIND
def test_the_second_may_keep_what_the_first_one_saved(two, edit):
    (a, b), (first, second, _other) = two, edit.values
    form_of_b = opened(b, edit)
    put(a, edit, opened(a, edit), **{edit.field: first})

    _page, again = shown_again(put(b, edit, form_of_b, **{edit.field: second}), edit)
    choice = next(name for name in again if name.startswith("choice-"))

    assert put(b, edit, again, **{choice: "theirs"}).status_code == 302
    assert held(a, edit, edit.field) == first


@ONE_OF_EACH_KIND
def test_what_only_one_of_them_changed_stands_in_the_form_of_the_second(two, edit):
    """B has changed another field: nothing is to be chosen, but B sees it before it is saved."""
    if not edit.other:
        edit.other, edit.values = edit.field, (edit.values[0], edit.values[1], None)
    (a, b), (first, _second, third) = two, edit.values
    form_of_b = opened(b, edit)
    put(a, edit, opened(a, edit), **{edit.field: first})

    changes = {edit.other: third} if third else {}
    page, again = shown_again(put(b, edit, form_of_b, **changes), edit)

    assert (
        first in page
        and again[edit.field] == [first]
        and not any(name.startswith("choice-") for name in again)
    )
    assert put(b, edit, again).status_code == 302
    assert (held(a, edit, edit.field), held(a, edit, edit.other)) == (first, third or first)


@pytest.mark.parametrize("edit", ["published-course", "appraisal"], indirect=True)
def test_who_saved_is_named_where_it_is_known(two, edit):
    (a, b), (first, second, _other) = two, edit.values
    form_of_b, user = opened(b, edit), getattr(edit, "user", None)
    put(a, edit, opened(a, edit), **{edit.field: first})

    page, _again = shown_again(put(b, edit, form_of_b, **{edit.field: second}), edit)

    name = (user or RoleGrant.objects.get(role="district_staff").user).name
    assert f"最后由{name}保存" in page


@ONE_OF_EACH_KIND
def test_who_saves_alone_is_asked_nothing(two, edit):
    """Also when both saved the very same."""
    a, b = two
    form = opened(b, edit)

    assert put(a, edit, opened(a, edit), **{edit.field: edit.values[0]}).status_code == 302
    assert put(b, edit, form, **{edit.field: edit.values[0]}).status_code == 302


@pytest.mark.parametrize("token", ["x", "x" * 5000, "☂:a:b"])
def test_a_token_that_is_none_asks_about_every_difference(two, token):
    edit = EDITS["service-item"]()
    form = opened(two[0], edit)

    page, again = shown_again(
        put(two[0], edit, form, **{BASED_ON: token, edit.field: "乙后改的"}), edit
    )

    assert "怎么装电梯？" in page and put(two[0], edit, again).status_code == 302
    assert held(two[0], edit, edit.field) == "乙后改的"


def test_a_row_that_is_gone_is_not_written_anew_and_the_text_stays(two):
    item = ExpertFactory(name="示例师")
    edit = Edit(reverse("courses:expert_edit", args=[item.code]), "specialities")
    form = opened(two[0], edit)
    bound = importlib.import_module("courses.forms.experts").ExpertForm(
        {**{name: value[0] for name, value in form.items()}, "specialities": "楼道清零"},
        instance=item,
    )
    type(item).objects.all().delete()

    with pytest.raises(concurrent_edits.GoneMeanwhile):
        bound.refuse_if_changed()


# --- Lessons and quotas ---------------------------------------------------------------------------


@pytest.fixture
def taught(two):
    """A class with two lessons, its form, and another room."""
    training_class = _class(lessons=2, town_seats={TownFactory(code="310113777"): 5})
    room = VenueFactory(campus=training_class.campus, code="R-99")
    edit = Edit(
        reverse("trainees:class_edit", args=[training_class.code]),
        "class-title",
        more={"save": "draft"},
    )
    return training_class, edit, room


def lessons_of(training_class) -> list[tuple]:
    return [
        (lesson.venue.code, str(lesson.hours))
        for lesson in training_class.lessons.select_related("venue").order_by("number")
    ]


def test_a_lesson_that_the_first_one_moved_is_not_moved_back(two, taught):
    """A moves the first lesson, B changes the hours of the second: both stand, after B has seen
    it.
    """
    (a, b), (training_class, edit, room) = two, taught
    form_of_b = opened(b, edit)
    put(a, edit, opened(a, edit), **{"lessons-0-venue": room.code})

    page, again = shown_again(put(b, edit, form_of_b, **{"lessons-1-hours": "2"}), edit)

    assert room.name in page and again["lessons-0-venue"] == [room.code]
    assert put(b, edit, again).status_code == 302
    assert [(place == room.code, hours) for place, hours in lessons_of(training_class)] == [
        (True, "3.00"),
        (False, "2.00"),
    ]


@pytest.mark.parametrize(("choice", "kept"), [("mine", "2.00"), ("theirs", "1.00")])
def test_a_lesson_that_both_changed_is_asked_about(two, taught, choice, kept):
    (a, b), (training_class, edit, _room) = two, taught
    form_of_b = opened(b, edit)
    put(a, edit, opened(a, edit), **{"lessons-0-hours": "1"})

    _page, again = shown_again(put(b, edit, form_of_b, **{"lessons-0-hours": "2"}), edit)
    name = next(name for name in again if name.startswith("choice-"))
    put(b, edit, again, **{name: choice})

    assert lessons_of(training_class)[0][1] == kept


def test_lessons_that_the_first_one_added_and_took_out_stay_so(two, taught):
    (a, b), (training_class, edit, room) = two, taught
    form_of_b, form_of_a = opened(b, edit), opened(a, edit)
    added = {
        "lessons-2-course": form_of_a["lessons-0-course"],
        "lessons-2-venue": room.code,
        "lessons-2-day": "2027-03-20",
        "lessons-2-starts": "09:00",
        "lessons-2-ends": "10:00",
        "lessons-2-hours": "1",
        "lessons-TOTAL_FORMS": "3",
    }
    answer = put(a, edit, form_of_a, **added, **{"lessons-1-DELETE": "on"})
    assert answer.status_code == 302, answer.context["forms"].error_summary

    _page, again = shown_again(put(b, edit, form_of_b, **{"class-title": "乙的班"}), edit)
    assert put(b, edit, again).status_code == 302

    training_class.refresh_from_db()
    assert (
        training_class.title,
        len(lessons_of(training_class)),
        lessons_of(training_class)[1],
    ) == ("乙的班", 2, (room.code, "1.00"))


def test_a_lesson_that_the_first_one_took_out_comes_back_only_with_open_eyes(two, taught):
    (a, b), (training_class, edit, _room) = two, taught
    form_of_b = opened(b, edit)
    put(a, edit, opened(a, edit), **{"lessons-1-DELETE": "on"})
    assert len(lessons_of(training_class)) == 1

    page, again = shown_again(put(b, edit, form_of_b, **{"lessons-1-hours": "2"}), edit)

    assert "再加上" in page
    assert put(b, edit, again).status_code == 302 and len(lessons_of(training_class)) == 2


def test_quotas_of_two_people_are_both_kept(two, taught):
    (a, b), (training_class, edit, _room) = two, taught
    TownFactory(code="310113778")
    form_of_b = opened(b, edit)
    put(a, edit, opened(a, edit), **{"quotas-0-seats": "7"})

    new = {"quotas-TOTAL_FORMS": "2", "quotas-1-town": "310113778", "quotas-1-seats": "3"}
    _page, again = shown_again(put(b, edit, form_of_b, **new), edit)
    put(b, edit, again)

    assert dict(
        training_class.pools.filter(town__isnull=False).values_list("town__code", "seats")
    ) == {"310113777": 7, "310113778": 3}


def test_whom_the_class_is_for_counts_too(two):
    """Ticks that the rules page set are not taken back by the page of the class."""
    (a, b), training_class, position = two, _class(), PositionFactory()
    rules = Edit(reverse("trainees:class_rules", args=[training_class.code]), "approval_days")
    edit = Edit(
        reverse("trainees:class_edit", args=[training_class.code]),
        "class-title",
        more={"save": "draft"},
    )
    form_of_b = opened(b, edit)
    put(a, rules, opened(a, rules), audiences=[position.pk])

    page, again = shown_again(put(b, edit, form_of_b, **{"class-title": "乙的班"}), edit)
    put(b, edit, again)

    assert position.name in page
    assert (
        TrainingClass.objects.get().title,
        list(TrainingClass.objects.get().audiences.all()),
    ) == ("乙的班", [position])


# --- At the same moment ---------------------------------------------------------------------------

PROCESSES, PATIENCE = 5, 120  # seconds


def save_at_once(environment: dict, *more: str) -> dict:
    command = [sys.executable, "-m", "tests.portal.edit_race", str(PROCESSES), *more]
    done = subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_of_several_who_save_at_the_same_moment_one_saves_and_the_others_are_asked(own_processes):
    assert save_at_once(own_processes) == {"asked": PROCESSES - 1, "saved": 1}


def test_without_the_lock_they_undo_each_other_on_postgresql(own_processes):
    """The control: it shows that the test above can fail.

    SQLite lets one writer in at a time, lock or no lock.
    """
    saved = save_at_once(own_processes, "unguarded")["saved"]

    assert saved > 1 if connection.vendor == "postgresql" else saved == 1


# --- No form is forgotten -------------------------------------------------------------------------

NEW_ROWS_ONLY = {
    "TopicRequestForm",
    "FeedbackForm",
    "ConsentForm",
    "ImprovementForm",
}  # these begin a row and never change one
# two people of one unit who write in its report at once: the last one saves
NOT_YET = {"ReportRowForm"}
APPS = ("academy", "notices", "courses", "trainees", "practicums", "plans", "portal")


def forms_of_the_portal() -> set[type]:
    names = [
        name
        for app in APPS
        for _finder, name, _package in pkgutil.walk_packages(
            importlib.import_module(app).__path__, f"{app}."
        )
        if name.endswith("forms") or ".forms." in name
    ]
    classes = [
        item
        for name in names
        for _name, item in inspect.getmembers(importlib.import_module(name), inspect.isclass)
    ]
    return {
        item
        for item in classes
        if issubclass(item, forms.ModelForm) and item.__module__.startswith(APPS)
    }


def test_every_form_that_changes_a_row_tells_what_somebody_else_saved():
    forgotten = {
        item.__name__ for item in forms_of_the_portal() if not issubclass(item, ConcurrentEdit)
    }

    assert forgotten == NEW_ROWS_ONLY | NOT_YET


def test_every_page_of_the_vocabularies_that_changes_a_row_does_so():
    request = RequestFactory().get("/admin/")
    request.user = type("Anybody", (), {"has_perm": lambda *_args: True})()

    forgotten = [
        model.__name__
        for model, page in site._registry.items()
        if page.has_change_permission(request) and not isinstance(page, ConcurrentAdmin)
    ]

    assert forgotten == []
