"""The case library: every step and each refused one, nothing that leads to a person, and the file
that fills it.
"""

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation

from academy.search.index import search
from academy.spreadsheets.csv_files import TableError
from academy.uploads.kinds import examine
from notices.models import Notice
from practicums.case_loading import load_cases
from practicums.cases import (
    CaseElsewhere,
    CaseNotEditable,
    CaseReasonMissing,
    NoSignedCase,
    TellsOnSomebody,
    begin,
    begin_from,
    publish,
    return_for_changes,
    rewrite,
    submit,
    take_back,
    take_down,
)
from practicums.models import CaseStatus, ItemKind, PracticeCase
from practicums.seven_items.evidence_steps import add_evidence
from practicums.seven_items.steps import hand_in, send_back, sign
from tests.factories import NOW, CourseFactory, UserFactory

from .factories import (
    PracticeCaseFactory,
    SecondmentFactory,
    all_signed,
    handed_in,
    item_of,
    upload,
)

pytestmark = pytest.mark.django_db
STORY = {
    "title": "长廊",
    "theme": "楼道清零",
    "place": "某居民区",
    "problem": "堆物。",
    "approach": "碰头。",
    "result": "清空。",
    "lessons_learned": "",
}
REASON = {"reason": "请补上结果"}


def fresh(case: PracticeCase) -> PracticeCase:
    return PracticeCase.objects.get(pk=case.pk)


@pytest.fixture
def draft(cadre) -> PracticeCase:
    return PracticeCaseFactory(author=cadre.user, title="晾衣杆下的碰头会")


@pytest.fixture
def in_review(draft):
    return submit(case=draft, by=draft.author, now=NOW)


@pytest.fixture
def published(in_review, district_staff):
    return publish(case=in_review, by=district_staff, now=NOW)


@pytest.fixture
def taken_down(published, district_staff):
    return take_down(case=published, reason="有变化", by=district_staff, now=NOW)


def test_from_draft_to_published_and_down_again(draft, district_staff):
    submit(case=draft, by=draft.author, now=NOW)
    return_for_changes(case=draft, reason="请补上结果", by=district_staff, now=NOW)
    submit(case=draft, by=draft.author, now=NOW)
    take_back(case=draft, by=draft.author, now=NOW)
    submit(case=draft, by=draft.author, now=NOW)
    publish(case=draft, by=district_staff, now=NOW)
    take_down(case=draft, reason="有变化", by=district_staff, now=NOW)
    publish(case=draft, by=district_staff, now=NOW)

    assert [(step.decision, step.opinion) for step in draft.steps.all()] == [
        ("submitted", ""),
        ("returned", "请补上结果"),
        ("submitted", ""),
        ("taken_back", ""),
        ("submitted", ""),
        ("published", ""),
        ("taken_down", "有变化"),
        ("published", ""),
    ]
    assert [
        notice.kind for notice in Notice.objects.filter(person=draft.author).order_by("pk")
    ] == ["case_returned", "case_published", "case_taken_down", "case_published"]


@pytest.mark.parametrize(
    ("stage", "step", "more", "error"),
    [
        ("draft", take_back, {}, CaseElsewhere),
        ("draft", return_for_changes, REASON, CaseElsewhere),
        ("draft", take_down, REASON, CaseElsewhere),
        ("in_review", submit, {}, CaseElsewhere),
        ("in_review", take_down, REASON, CaseElsewhere),
        ("in_review", return_for_changes, {"reason": " "}, CaseReasonMissing),
        ("published", submit, {}, CaseElsewhere),
        ("published", take_back, {}, CaseElsewhere),
        ("published", publish, {}, CaseElsewhere),
        ("published", return_for_changes, REASON, CaseElsewhere),
        ("published", take_down, {"reason": ""}, CaseReasonMissing),
        ("taken_down", take_back, {}, CaseElsewhere),
        ("taken_down", take_down, REASON, CaseElsewhere),
    ],
)
def test_each_refused_step_changes_nothing(stage, step, more, error, request, district_staff):
    case = request.getfixturevalue(stage)
    steps, status = case.steps.count(), fresh(case).status

    with pytest.raises(error):
        step(case=case, by=district_staff, now=NOW, **more)

    assert (case.steps.count(), fresh(case).status) == (steps, status)


@pytest.mark.parametrize("stage", ["in_review", "published"])
def test_what_is_handed_in_or_published_stays_as_it_is(stage, request):
    case = request.getfixturevalue(stage)

    with pytest.raises(CaseNotEditable):
        rewrite(case=case, story=STORY, courses=(), by=case.author, now=NOW)

    assert fresh(case).title == case.title


@pytest.mark.parametrize(
    "text", ["打 13812345678 找他", "310113199001011234", "12号楼301室", "4弄 5 室"]
)
def test_nothing_that_leads_to_a_person_is_handed_in_or_published(text, draft, district_staff):
    PracticeCase.objects.filter(pk=draft.pk).update(approach=text)

    with pytest.raises(TellsOnSomebody):
        submit(case=draft, by=draft.author, now=NOW)
    with pytest.raises(TellsOnSomebody):
        publish(case=draft, by=district_staff, now=NOW)


def test_numbers_of_other_things_may_stand_in_a_case(draft):
    PracticeCase.objects.filter(pk=draft.pk).update(
        result="登记车辆512辆、车位186个，2023年起三次征询，工单由19件降至4件。"
    )

    assert submit(case=draft, by=draft.author, now=NOW).status == CaseStatus.IN_REVIEW


def test_a_case_without_its_end_is_not_handed_in(draft):
    PracticeCase.objects.filter(pk=draft.pk).update(result=" ")

    with pytest.raises(TellsOnSomebody, match="还缺"):
        submit(case=draft, by=draft.author, now=NOW)


def test_only_a_published_case_is_found(published, district_staff):
    assert [hit.title for hit in search("晾衣杆", kinds=["case"])] == ["晾衣杆下的碰头会"]
    assert search("lyg", kinds=["case"])[0].title == "晾衣杆下的碰头会"

    take_down(case=published, reason="有变化", by=district_staff, now=NOW)

    assert search("晾衣杆", kinds=["case"]) == []


def test_each_case_has_the_next_code(cadre):
    PracticeCaseFactory(code="AL-33")

    codes = [
        begin(story=STORY | {"title": title}, courses=(), by=cadre.user, now=NOW).code
        for title in ("长廊", "车棚")
    ]

    assert codes == ["AL-34", "AL-35"]


@pytest.mark.django_db(transaction=True)
def test_a_case_that_is_sent_twice_is_begun_once():
    author, colleague = UserFactory(), UserFactory()

    def tap(_number) -> PracticeCase:
        try:
            return begin(story=STORY, courses=(), by=author, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as taps:
        begun = set(taps.map(tap, range(4)))
    begun.add(begin(story=STORY, courses=(), by=author, now=NOW))

    assert len(begun) == 1
    assert begin(story=STORY, courses=(), by=colleague, now=NOW) not in begun


def test_a_signed_work_case_becomes_a_draft_of_its_writer_once(district_staff):
    item = item_of(all_signed(), ItemKind.WORK_CASE)

    begun = begin_from(item=item, by=district_staff, now=NOW)

    assert (begun.status, begun.author, begun.secondment, begun.theme) == (
        CaseStatus.DRAFT,
        item.secondment.trainee.user,
        item.secondment,
        "挂职案例",
    )
    assert begun.problem == item.evidence.filter(kind="text").last().text
    assert begin_from(item=item, by=district_staff, now=NOW) == begun
    assert [notice.person for notice in Notice.objects.filter(kind="case_begun")] == [
        begun.author
    ], "told once, for the draft is theirs to complete"


def test_a_work_case_that_is_not_signed_is_not_taken_over(district_staff):
    with pytest.raises(NoSignedCase):
        begin_from(
            item=item_of(SecondmentFactory(), ItemKind.WORK_CASE), by=district_staff, now=NOW
        )


def test_a_text_that_was_sent_back_is_not_taken_over(district_staff):
    item = handed_in(SecondmentFactory(), ItemKind.WORK_CASE, "写了住户姓名的旧稿")
    secondee, mentor = item.secondment.trainee.user, item.secondment.mentor
    send_back(item=item, comment="不能写姓名", by=mentor, now=NOW)
    add_evidence(item=item, by=secondee, now=NOW, declared_open=True, file=examine(upload()))
    item = sign(item=hand_in(item=item, by=secondee, now=NOW), role="mentor", by=mentor, now=NOW)

    with pytest.raises(NoSignedCase, match="签认的这一稿只有文件"):
        begin_from(item=item, by=district_staff, now=NOW)

    send_back(item=item, comment="请附上文字", by=district_staff, now=NOW)
    add_evidence(item=item, by=secondee, now=NOW, declared_open=True, text="没有姓名的新稿")
    item = sign(item=hand_in(item=item, by=secondee, now=NOW), role="mentor", by=mentor, now=NOW)
    assert begin_from(item=item, by=district_staff, now=NOW).problem == "没有姓名的新稿"


def test_a_case_without_a_title_is_named_in_the_language_of_the_portal(district_staff):
    item = item_of(all_signed(case_title=""), ItemKind.WORK_CASE)

    with translation.override("en"):
        case = begin_from(item=item, by=district_staff, now=NOW)

    assert (case.title, case.theme, Notice.objects.get(kind="case_begun").title) == (
        "形成一篇工作案例",
        "挂职案例",
        "您的工作案例已收入案例库草稿：形成一篇工作案例",
    )


# --- From the file --------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    shutil.copy(settings.BASE_DIR / "demo" / "cases" / "practice_cases.csv", tmp_path)
    codes = {
        code
        for row in (
            (tmp_path / "practice_cases.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
        )
        for code in row.split(",")[-2].split("、")
        if code
    }
    for code in codes:
        CourseFactory(code=code)
    return tmp_path


def test_the_33_cases_are_loaded_once(folder):
    assert load_cases(folder, now=NOW).as_dict() == {"new": 33, "changed": 0, "same": 0, "ended": 0}
    assert load_cases(folder, now=NOW + timedelta(days=1)).as_dict() == {
        "new": 0,
        "changed": 0,
        "same": 33,
        "ended": 0,
    }
    assert set(PracticeCase.objects.values_list("remark", flat=True)) == {"示例素材，情节为编写"}, (
        "each says that it is made up"
    )


def test_a_case_that_was_changed_in_the_portal_is_not_overwritten(folder, district_staff):
    load_cases(folder, now=NOW)
    case = PracticeCase.objects.first()
    take_down(case=case, reason="有变化", by=district_staff, now=NOW)
    rewrite(case=case, story=STORY, courses=(), by=district_staff, now=NOW)

    assert load_cases(folder, now=NOW).changes == 0
    assert fresh(case).title == STORY["title"]


def test_a_malformed_file_writes_nothing(folder):
    path = folder / "practice_cases.csv"
    path.write_text(
        path.read_text(encoding="utf-8-sig").replace("SW-001", "XX-1", 1), encoding="utf-8"
    )

    with pytest.raises(TableError, match="course_codes"):
        load_cases(folder, now=NOW)

    assert not PracticeCase.objects.exists()
