"""The pages of the case library, as each of its readers and writers meets them."""

import pytest

from practicums.models import PracticeCase
from tests.factories import NOW, CourseVersionFactory, ServiceItemFactory

from .factories import PracticeCaseFactory

pytestmark = pytest.mark.django_db


def shown(**more) -> PracticeCase:
    return PracticeCaseFactory(status="published", published_at=NOW, author=None, **more)


def test_a_visitor_reads_published_cases_and_no_note_among_colleagues(client):
    case = shown(private_note="内部：两户仍有意见", remark="示例素材，情节为编写")
    PracticeCaseFactory(title="还没写完")

    listed, page = (
        client.get("/cases/").content.decode(),
        client.get(f"/cases/{case.code}/").content.decode(),
    )

    assert case.title in listed and "还没写完" not in listed
    assert case.problem in page and "示例素材，情节为编写" in page and "内部" not in page


def test_filters_combine_and_an_unknown_one_is_a_sentence(client):
    course = CourseVersionFactory().course
    course.status = "published"
    course.save()
    mine = shown(theme="加装电梯")
    mine.courses.add(course)
    shown(theme="加装电梯")

    page = client.get("/cases/", {"theme": "加装电梯", "course": course.code})

    assert [item.pk for item in page.context["page"]] == [mine.pk]
    assert client.get("/cases/?page=9999").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"theme": "没有"}, "没有这个筛选条件"),
        ({"course": "XX-1"}, "没有这个筛选条件"),
        ({"q": "查无此事"}, "没有符合条件的案例"),
    ],
    ids=str,
)
def test_what_is_not_there_is_a_sentence_with_a_way_on(client, wrong, said):
    shown()

    page = client.get("/cases/", wrong).content.decode()

    assert said in page and 'href="/cases/">查看全部案例' in page


def test_the_author_of_a_published_case_reads_how_to_change_it(client, branch_coordinator):
    case = PracticeCaseFactory(status="published", published_at=NOW, author=branch_coordinator)
    client.force_login(branch_coordinator)

    assert "请先联系学院撤下" in client.get(f"/manage/cases/{case.code}/").content.decode()


def test_a_course_and_its_service_item_lead_to_the_case(client):
    course = CourseVersionFactory().course
    course.status = "published"
    course.save()
    item = ServiceItemFactory()
    course.service_items.add(item)
    case = shown()
    case.courses.add(course)

    for address in (course.get_absolute_url(), item.get_absolute_url()):
        assert case.get_absolute_url() in client.get(address).content.decode()


def test_a_coordinator_writes_and_the_office_publishes(client, branch_coordinator, district_staff):
    client.force_login(branch_coordinator)
    story = {
        "title": "长廊",
        "theme": "楼道清零",
        "place": "某居民区",
        "problem": "堆物。",
        "approach": "碰头。",
        "result": "清空。",
    }
    client.post("/manage/cases/new/", story)
    case = PracticeCase.objects.get()
    client.post(f"/manage/cases/{case.code}/submit/")
    again = client.post(f"/manage/cases/{case.code}/submit/", follow=True).content.decode()
    assert "可能刚有人处理过" in again

    client.force_login(district_staff)
    assert "审核案例《长廊》" in client.get("/manage/").content.decode()
    empty = client.post(f"/manage/cases/{case.code}/return/", {"opinion": ""}).content.decode()
    assert "请写明要修改什么" in empty
    client.post(f"/manage/cases/{case.code}/publish/", {"opinion": "很好"})

    case.refresh_from_db()
    assert (case.status, case.author) == ("published", branch_coordinator)


def test_an_empty_form_says_what_is_missing_and_writes_nothing(client, branch_coordinator):
    client.force_login(branch_coordinator)

    page = client.post("/manage/cases/new/", {}).content.decode()

    assert "invalid-feedback" in page and "遇到什么事" in page
    assert not PracticeCase.objects.exists()


def test_queries_do_not_grow_with_the_cases(client, django_assert_max_num_queries):
    for _number in range(5):
        shown()
    with django_assert_max_num_queries(4):
        client.get("/cases/")
