"""A sheet with a comment becomes a case once. docs/rules.md R91, R34."""

import pytest
from django.urls import reverse

from academy.models import Role
from practicums.cases import NoCommentYet, begin_from_sheet
from practicums.models import PracticeCase
from tests.conftest import grant
from tests.factories import NOW, ExpertFactory, UserFactory, taught_by
from tests.trainees.discussed import TEXTS, commented, discussed_class, members_of, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def training_class(campus):
    return discussed_class(campus=campus)


@pytest.fixture
def expert(training_class):
    expert = ExpertFactory(user=UserFactory())
    taught_by(training_class.lessons.get(), expert)
    return expert


def page(training_class, number=1) -> str:
    return reverse("practicums:case_from_sheet", args=[training_class.code, number])


def test_the_draft_holds_what_the_group_wrote_and_the_comment_as_a_note(training_class):
    by = UserFactory()
    sheet = commented(training_class, 1)

    case = begin_from_sheet(sheet=sheet, title="楼道清零", by=by, now=NOW)

    assert (case.author, case.status, case.sheet) == (by, "draft", sheet)
    assert TEXTS["problem"] in case.problem and TEXTS["causes"] in case.problem
    assert (case.approach, case.result) == (TEXTS["measures"], "")
    assert sheet.comment in case.private_note


def test_a_second_time_gives_the_draft_that_is_there(training_class):
    sheet = commented(training_class, 1)
    first = begin_from_sheet(sheet=sheet, title="楼道清零", by=UserFactory(), now=NOW)

    assert begin_from_sheet(sheet=sheet, title="另一个", by=UserFactory(), now=NOW) == first
    assert PracticeCase.objects.count() == 1


def test_without_a_comment_there_is_no_case(training_class):
    with pytest.raises(NoCommentYet):
        begin_from_sheet(sheet=written(training_class, 1), title="早了", by=UserFactory(), now=NOW)


def test_an_expert_without_a_role_begins_one_and_goes_on_writing(client, training_class, expert):
    commented(training_class, 1)
    client.force_login(expert.user)
    assert client.get(reverse("practicums:manage_cases")).status_code == 403

    answer = client.post(page(training_class), {"title": "楼道清零"}, follow=True)

    case = PracticeCase.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("practicums:manage_case", args=[case.code])
    assert "草稿已建好" in answer.text and case.author == expert.user


def test_whoever_comes_second_reads_whose_case_it_is(client, training_class, expert, campus):
    sheet = commented(training_class, 1)
    case = begin_from_sheet(sheet=sheet, title="楼道清零", by=expert.user, now=NOW)
    client.force_login(grant(Role.BRANCH_COORDINATOR, campus=campus))

    text = client.post(page(training_class), {"title": "又一个"}).text

    assert case.code in text and expert.user.name in text
    assert PracticeCase.objects.count() == 1
    overview = client.get(reverse("trainees:class_overview", args=[training_class.code])).text
    assert f"案例 {case.code}" in overview


def test_members_and_strangers_begin_none(client, training_class):
    commented(training_class, 1)
    for user in (members_of(training_class, 1)[0], UserFactory()):
        client.force_login(user)
        assert client.post(page(training_class), {"title": "楼道清零"}).status_code == 403


def test_an_empty_title_is_asked_for(client, training_class, expert):
    commented(training_class, 1)
    client.force_login(expert.user)

    assert client.post(page(training_class), {"title": ""}).status_code == 200
    assert not PracticeCase.objects.exists()


def test_a_sheet_without_a_comment_has_no_page(client, training_class, expert):
    written(training_class, 1)
    client.force_login(expert.user)

    assert client.get(page(training_class)).status_code == 404
