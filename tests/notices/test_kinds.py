"""Every kind of notice of the portal, filled with sample values."""

import re
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy

from academy.models import Role
from academy.templatetags.portal_tags import clock, day, full_day, listed, moment_in_words
from notices.checks import faults_of
from notices.kinds import NoticeKind, Value, declared, lines
from notices.outbox import tell
from notices.reminders import discover
from practicums.models import CaseDecision, ItemKind
from trainees.classes.change_notices import LessonChange, Slot

from ..factories import NOW, RoleGrantFactory, class_with
from .factories import kind_of

KINDS = {kind.code: kind for kind in declared()}
MOMENTS = (clock, day, full_day, moment_in_words)
ENGLISH_WORD = re.compile(r"[A-Za-z]{2,}")
DAY = Value("day", "日期", full_day)


@pytest.fixture
def sample(town):
    """A raw value for a placeholder: what the rule that tells the person would hand over."""
    training_class = class_with(seats=1, title="协商班", lessons=1)
    lesson = training_class.lessons.select_related("training_class", "venue__campus").get()
    slot = Slot(lesson.starts_at, lesson.ends_at, lesson.venue)
    grant = RoleGrantFactory(role=Role.TOWN_STAFF, town=town, valid_to=NOW.date())
    raw = {
        "alternatives": [training_class],
        "began": NOW,
        "booked": 3,
        "changes": [LessonChange(slot, None), LessonChange(None, slot), LessonChange(slot, slot)],
        "clash": lesson,
        "days": 3,
        "decision": CaseDecision.RETURNED.value,
        "ended": ["协商班", "别的班"],
        "hours": Decimal("2.50"),
        "item": ItemKind.WORK_CASE.value,
        "least": 5,
        "lessons": [lesson],
        "number": 2,
        "period": grant,
        "role": grant,
        "runs": [training_class] * 5,
        "slot": lesson,
        "until": NOW,
    }

    def of(value: Value) -> object:
        if value.written in MOMENTS:
            return NOW
        if value.written is listed:
            return ["总校", "分校"]
        return raw.get(value.name, "示例")

    return of


@pytest.mark.parametrize("code", KINDS)
def test_whoever_acts_in_english_tells_people_in_chinese(code, cadre, sample):
    kind = KINDS[code]
    values = {value.name: sample(value) for value in kind.values}

    with translation.override("en"):
        notice = tell(kind, cadre.user, values=values)
    with translation.override("zh-hans"):
        in_chinese = kind.text(values)

    assert (notice.title, notice.body) == in_chinese
    assert not ENGLISH_WORD.search(notice.title + notice.body)


@pytest.mark.parametrize("code", KINDS)
def test_each_placeholder_has_a_meaning_in_both_languages(code):
    for value in KINDS[code].values:
        with translation.override("en"):
            english = str(value.meaning)
        with translation.override("zh-hans"):
            assert str(value.meaning) != english


def test_each_app_has_its_kinds():
    assert len(KINDS) > 60
    assert KINDS.keys() >= {
        "password_guessed",
        "course_published",
        "promoted",
        "class_tomorrow/today",
        "secondment_signed/appraisal",
        "plan_filed",
        "role/given",
    }


def test_each_reminder_has_its_text():
    assert discover().keys() <= {kind.key for kind in KINDS.values()}


# --- A template -----------------------------------------------------------------------------------


def test_raw_values_are_written_in_the_language_of_the_portal():
    kind = NoticeKind(key="test", title=gettext_lazy("Its last day is %(day)s."), values=(DAY,))

    with translation.override("en"):
        assert kind.text({"day": NOW}) == ("最后一天是2027年3月1日。", "")


def test_a_line_that_comes_out_empty_is_left_out_and_a_typed_one_stays():
    body = lines("%(first)s", "%(second)s", "%(third)s")
    values = tuple(Value(name, "示例") for name in ("first", "second", "third"))
    kind = NoticeKind(key="test", title="标题", body=body, values=values)

    text = kind.text({"first": "一\n\n二", "second": "", "third": "%(first)s 100%"})

    assert text.body == "一\n\n二\n%(first)s 100%"


def test_a_value_that_is_missing_is_an_error_and_one_too_many_is_none():
    kind = NoticeKind(key="test", title="%(day)s", values=(DAY,))

    assert kind.text({"day": NOW, "name": "示例"}).title == "2027年3月1日"
    with pytest.raises(KeyError):
        kind.text({"name": "示例"})


# --- What `manage.py check` refuses ---------------------------------------------------------------


def faults(*kinds: NoticeKind) -> list[str]:
    return sorted({fault.id for fault in faults_of(kinds)})


def test_the_texts_of_the_portal_are_in_order():
    assert list(faults_of(KINDS.values())) == []


def test_a_placeholder_that_nothing_fills_is_refused_with_those_that_are_known():
    (fault, *_same) = faults_of([kind_of("test", body="%(titel)s")])

    assert (fault.id, fault.hint) == ("notices.E003", "Known are: title (标题), body (正文).")
    assert "titel" in fault.msg


def test_a_placeholder_that_only_the_translation_has_is_refused():
    kind = kind_of("test", title=gettext_lazy("Its last day is %(day)s."))

    assert {fault.msg for fault in faults_of([kind])} == {
        f"The notice “test” ({language}) has the placeholder “day”, which nothing fills."
        for language in ("zh-hans", "en")
    }


def test_other_slips_are_refused():
    assert faults(kind_of("test", title="100%")) == ["notices.E004"]
    assert faults(kind_of("test", title="%(title)x")) == ["notices.E004"]
    assert faults(kind_of("test"), kind_of("test")) == ["notices.E001"]
    assert faults(kind_of("test"), kind_of("test", wording="other")) == []
    assert faults(kind_of("t" * 41)) == ["notices.E002"]
