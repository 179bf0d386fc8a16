from datetime import timedelta

import pytest
from django.urls import reverse

from notices.models import Notice

from ..factories import NOW
from .factories import NoticeFactory

INBOX = "/me/notices/"


@pytest.fixture
def signed_in(client, cadre):
    client.force_login(cadre.user)
    return client


def titles(response):
    return [notice.title for notice in response.context["page"]]


def test_the_inbox_shows_the_unread_first_then_the_newest(signed_in, cadre):
    for title, hours, is_read in [
        ("旧，读过", 1, True),
        ("新，读过", 4, True),
        ("旧，未读", 2, False),
        ("新，未读", 3, False),
    ]:
        sent_at = NOW + timedelta(hours=hours)
        NoticeFactory(
            person=cadre.user,
            title=title,
            sent=True,
            sent_at=sent_at,
            read_at=sent_at if is_read else None,
        )

    assert titles(signed_in.get(INBOX)) == ["新，未读", "旧，未读", "新，读过", "旧，读过"]


def test_nobody_sees_the_notices_of_another_or_what_waits(signed_in, cadre, colleague):
    NoticeFactory(person=colleague.user, title="给别人的", sent=True)
    NoticeFactory(person=cadre.user, title="还没到时间")
    NoticeFactory(person=cadre.user, title="给我的", sent=True)

    response = signed_in.get(INBOX)

    assert titles(response) == ["给我的"]
    assert "给别人的" not in response.content.decode()


def test_an_empty_inbox_says_what_will_come_and_where_to_go(signed_in):
    page = signed_in.get(INBOX).content.decode()

    assert 'class="empty"' in page
    assert "全部标为已读" not in page


def test_opening_marks_as_read_and_goes_where_the_notice_leads(signed_in, cadre):
    notice = NoticeFactory(person=cadre.user, link="/classes/PX-1/", sent=True)
    other = NoticeFactory(person=cadre.user, sent=True)

    response = signed_in.post(reverse("notices:open", args=[notice.pk]))

    assert (response.status_code, response["Location"]) == (302, "/classes/PX-1/")
    assert [Notice.objects.get(pk=pk).read_at is not None for pk in (notice.pk, other.pk)] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    "link", ["", "https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"]
)
def test_a_notice_that_leads_nowhere_of_ours_comes_back_to_the_inbox(signed_in, cadre, link):
    notice = NoticeFactory(person=cadre.user, link=link, sent=True)

    assert signed_in.post(reverse("notices:open", args=[notice.pk]))["Location"] == INBOX


def test_opening_twice_keeps_the_first_time_of_reading(signed_in, cadre):
    notice = NoticeFactory(person=cadre.user, sent=True, read_at=NOW)

    signed_in.post(reverse("notices:open", args=[notice.pk]))

    assert Notice.objects.get().read_at == NOW


def test_a_get_changes_nothing(signed_in, cadre):
    notice = NoticeFactory(person=cadre.user, sent=True)

    for address in (reverse("notices:open", args=[notice.pk]), reverse("notices:mark_read")):
        assert signed_in.get(address)["Location"] == INBOX
    assert Notice.objects.get().read_at is None


def test_another_persons_notice_is_not_there(signed_in, colleague):
    notice = NoticeFactory(person=colleague.user, sent=True)

    assert signed_in.post(reverse("notices:open", args=[notice.pk])).status_code == 404
    assert Notice.objects.get().read_at is None


def test_a_notice_that_was_not_sent_cannot_be_opened(signed_in, cadre):
    notice = NoticeFactory(person=cadre.user)

    assert signed_in.post(reverse("notices:open", args=[notice.pk])).status_code == 404


def test_all_own_notices_are_marked_as_read_at_once(signed_in, cadre, colleague):
    NoticeFactory.create_batch(2, person=cadre.user, sent=True)
    NoticeFactory(person=colleague.user, sent=True)

    response = signed_in.post(reverse("notices:mark_read"), follow=True)

    assert response.redirect_chain == [(INBOX, 302)]
    assert (
        Notice.objects.visible_to(cadre.user).unread().count(),
        Notice.objects.visible_to(colleague.user).unread().count(),
    ) == (0, 1)


def test_a_read_notice_is_a_plain_link_and_an_unread_one_a_button(signed_in, cadre):
    unread = NoticeFactory(person=cadre.user, link="/classes/PX-1/", sent=True)
    NoticeFactory(person=cadre.user, link="/classes/PX-2/", sent=True, read_at=NOW)

    page = signed_in.get(INBOX).content.decode()

    assert f'formaction="{reverse("notices:open", args=[unread.pk])}"' in page
    assert 'href="/classes/PX-2/"' in page
    assert 'href="/classes/PX-1/"' not in page


def test_what_a_notice_says_is_text_never_markup(signed_in, cadre):
    NoticeFactory(
        person=cadre.user, title="<b>粗</b>", body="<script>1</script>\n第二行", sent=True
    )

    page = signed_in.get(INBOX).content.decode()

    assert "&lt;b&gt;粗&lt;/b&gt;" in page
    assert "&lt;script&gt;1&lt;/script&gt;<br>第二行" in page


def test_the_list_is_cut_into_pages(signed_in, cadre):
    NoticeFactory.create_batch(21, person=cadre.user, sent=True)

    assert [
        len(titles(signed_in.get(INBOX, {"page": page}))) for page in ("1", "2", "9999", "abc")
    ] == [20, 1, 1, 20]


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(signed_in, cadre, count, django_assert_num_queries):
    NoticeFactory.create_batch(count, person=cadre.user, sent=True)
    signed_in.get(INBOX)

    # session, person with grants, unread, count and rows of the page
    with django_assert_num_queries(5):
        signed_in.get(INBOX)
