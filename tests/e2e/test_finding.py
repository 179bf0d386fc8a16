"""Finding in a real browser: facets that are shared as a link, suggestions by keyboard, and all of
it without JavaScript.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from academy.search import index
from trainees.models import Enrolment, EnrolmentStatus

from ..factories import (
    CourseFactory,
    DepartmentFactory,
    TeachingFormatFactory,
    TrackFactory,
    TraineeFactory,
    ask,
    class_with,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def catalogue(transactional_db):
    """Three courses in two tracks and two formats."""
    practice, law = (
        TrackFactory(prefix="SW", name="实务实训"),
        TrackFactory(prefix="ZC", name="政策法规"),
    )
    scene, lecture = (
        TeachingFormatFactory(code="F02", name="场景模拟"),
        TeachingFormatFactory(code="F01", name="课堂教学"),
    )
    for code, title, track, form in (
        ("SW-001", "电梯加装协商实训", practice, scene),
        ("SW-002", "业委会换届实训", practice, lecture),
        ("ZC-001", "条例逐条用", law, lecture),
    ):
        CourseFactory(
            code=code, title=title, track=track, department=DepartmentFactory()
        ).formats.add(form)
    index.rebuild()


def bookable_class(**fields):
    now = timezone.now()
    starts_at = (now + timedelta(days=20)).replace(hour=2, minute=0, second=0, microsecond=0)
    return class_with(
        seats=3,
        starts_at=starts_at,
        booking_opens_at=now - timedelta(days=5),
        booking_closes_at=now + timedelta(days=10),
        **fields,
    )


def titles(page) -> list[str]:
    return page.locator("#found .course-row h2").all_inner_texts()


def choose(page, words: str) -> None:
    """Choose a facet: in the side column, or on a phone in the sheet, which stays open."""
    button = page.locator("a[data-bs-target='#facets']")
    if button.is_visible() and not page.locator("#facets").evaluate(
        "sheet => sheet.classList.contains('show')"
    ):
        button.click()
        expect(page.locator("#facets")).to_be_visible()
    page.locator("#facet-choices a", has_text=words).click()


def test_facets_combine_in_place_and_the_link_opens_the_same_list_for_a_visitor(window, catalogue):
    first = window()
    page = first.open("/courses/")
    page.evaluate("window.untouched = true")

    choose(page, "实务实训")
    expect(page.locator("#found-count")).to_have_text("2 门课")
    page.wait_for_url(re.compile(r"track=SW"))
    assert page.evaluate("document.activeElement.textContent").startswith("实务实训")
    choose(page, "课堂教学")
    expect(page.locator("#found-count")).to_have_text("1 门课")
    page.wait_for_url(re.compile(r"track=SW.*format=F01|format=F01.*track=SW"))

    assert page.evaluate("window.untouched") is True, "the page was loaded anew"
    assert titles(page) == ["业委会换届实训"]
    second = window()
    assert titles(second.open(page.url.removeprefix(first.base))) == ["业委会换届实训"]
    page.go_back()
    expect(page.locator("#found-count")).to_have_text("2 门课")


def test_suggestions_are_chosen_with_the_keyboard(window, catalogue):
    page = window().open("/search/")
    field = page.locator("main input[name=q]")

    field.press_sequentially("dianti")
    expect(page.locator(".suggestions [role=option]").first).to_have_text(
        re.compile("电梯加装协商实训")
    )
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", re.compile("suggestion-1"))
    field.press("Escape")
    expect(page.locator(".suggestions ul")).to_be_hidden()
    field.press("ArrowDown")
    expect(page.locator(".suggestions ul")).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")

    page.wait_for_url(re.compile("/courses/SW-001/"))


def test_without_javascript_a_visitor_browses_filters_and_searches(window, catalogue):
    visitor = window(javascript=False)
    page = visitor.open("/courses/")

    page.locator("#facet-choices a", has_text="实务实训").click()
    page.wait_for_url(re.compile("track=SW"))
    assert titles(page) == ["电梯加装协商实训", "业委会换届实训"]
    page.locator("main input[name=q]").fill("huanjie")
    page.locator("main form.find button").click()
    page.wait_for_url(re.compile("q=huanjie"))

    assert titles(page) == ["业委会换届实训"]
    assert "track=SW" in page.url


def test_without_javascript_a_cadre_finds_books_follows_and_cancels(window, transactional_db):
    cadre = TraineeFactory()
    fits, other = bookable_class(title="合适的班"), bookable_class(title="别的岗位的班")
    ask(other, audiences=[TraineeFactory().position])
    visitor = window(cadre.user, javascript=False)

    page = visitor.open("/classes/")
    page.locator("main a", has_text="能报的班").click()
    expect(page.locator("#found .class-row")).to_have_count(1)
    expect(page.locator(".hidden-classes summary")).to_have_text("另有 1 个班暂时报不了")
    page.locator("#found .class-row a").first.click()
    page.locator('form[action$="/book/"] button').locator("visible=true").first.click()
    page.wait_for_url(re.compile(f"/classes/{fits.code}/booked/$"))
    assert (
        Enrolment.objects.get(trainee=cadre, training_class=fits).status == EnrolmentStatus.BOOKED
    )

    visitor.open(f"/campuses/{fits.campus.code}/")
    page.locator("form[action*='follow'] button").click()
    expect(page.locator("main")).to_contain_text("已关注")

    visitor.open(f"/classes/{fits.code}/cancel/")
    page.locator('main form[method="post"] button').first.click()
    page.wait_for_url(re.compile("/me/"))
    assert (
        Enrolment.objects.get(trainee=cadre, training_class=fits).status
        == EnrolmentStatus.WITHDRAWN
    )
