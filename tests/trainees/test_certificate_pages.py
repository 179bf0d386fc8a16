"""The pages of certificates: of a class, of the holder, of the list, and the public check."""

from datetime import timedelta

import pytest
from django.utils import timezone

from academy.models import Role
from trainees.certificates import pdf
from trainees.certificates.issuing import issue_for_class, revoke
from trainees.models import Certificate
from trainees.record.closing import reopen_class

from ..conftest import grant
from ..factories import TraineeFactory, UserFactory
from .certified import closed_class

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return [TraineeFactory(user=UserFactory(name=name)) for name in ("𠮷川·明", "苏晓岚", "高建平")]


@pytest.fixture
def office():
    return grant(Role.ADMINISTRATOR)


@pytest.fixture
def closed(people, office):
    begin = timezone.now() - timedelta(days=30)
    return closed_class(
        people,
        office,
        starts_at=begin,
        title="协商议事训练班",
        booking_opens_at=begin - timedelta(days=24),
        booking_closes_at=begin - timedelta(days=7),
    )


@pytest.fixture
def issued(closed, office):
    return issue_for_class(training_class=closed, by=office, now=timezone.now())


def text_of(client, path, status=200, **more):
    response = client.get(path, **more)
    assert response.status_code == status
    return response.content.decode()


def test_whoever_runs_the_class_issues_all_in_one_step(client, closed, office):
    client.force_login(office)
    page = f"/manage/classes/{closed.code}/certificates/"
    assert "本次发放 3 人" in text_of(client, page)

    answer = client.post(page, follow=True).content.decode()

    assert "已发放 3 份证书，并已通知本人。" in answer and "下载 PDF（3 份）" in answer
    assert "结业人员均已持有有效证书" in client.post(page, follow=True).content.decode()
    paper = text_of(client, f"{page}paper/")
    assert paper.count('<article class="paper certificate"') == 3 and "𠮷川·明" in paper
    file = client.get(f"{page}pdf/")
    assert file["Content-Type"] == "application/pdf" and file.content.startswith(b"%PDF")


def test_without_its_fonts_the_page_says_what_to_do(
    client, closed, issued, office, monkeypatch, tmp_path
):
    monkeypatch.setattr(pdf, "FONTS", tmp_path)
    client.force_login(office)

    answer = client.get(f"/manage/classes/{closed.code}/certificates/pdf/", follow=True)

    assert "请改用打印页面" in answer.content.decode()


def test_the_holder_sees_their_own_and_no_other(client, issued, people):
    client.force_login(people[0].user)
    own = next(row for row in issued if row.trainee == people[0])

    page = text_of(client, "/me/certificates/")

    assert [row.number in page for row in issued].count(True) == 1 and own.number in page
    assert "𠮷川·明" in text_of(client, f"/certificates/{own.check_code}/")
    for row in issued:
        expected = 200 if row == own else 404
        assert client.get(f"/certificates/{row.check_code}/").status_code == expected
        assert client.get(f"/certificates/{row.check_code}/pdf/").status_code == expected
    assert client.get("/certificates/xyz/").status_code == 404
    assert own.number in text_of(client, "/me/certificates/") and "我的证书" in text_of(
        client, "/me/hours/"
    )


def test_the_page_does_not_say_that_all_hold_one_beside_a_revoked_one(
    client, closed, issued, people, office
):
    own = next(row for row in issued if row.trainee == people[0])
    revoke(certificate=own, reason="重名，发错人", by=office, now=timezone.now())
    client.force_login(office)
    page = f"/manage/classes/{closed.code}/certificates/"

    for text in (text_of(client, page), client.post(page, follow=True).content.decode()):
        assert ">结业人员均已持有有效证书" not in text
        assert "其他结业人员均已持有有效证书" in text
        assert "1 人的证书已撤销" in text and "补发" in text
    client.post(f"/manage/certificates/{own.pk}/renew/")

    assert ">结业人员均已持有有效证书" in text_of(client, page)


def test_a_revoked_one_has_no_paper_any_more(client, closed, issued, people, office):
    client.force_login(office)
    own = next(row for row in issued if row.trainee == people[0])

    page = client.post(f"/manage/certificates/{own.pk}/revoke/", {"reason": ""})
    assert page.status_code == 200 and "invalid-feedback" in page.content.decode()
    answer = client.post(
        f"/manage/certificates/{own.pk}/revoke/", {"reason": "重名，发错人"}, follow=True
    ).content.decode()

    assert f"{own.number} 已撤销" in answer and "重名，发错人" in answer
    client.force_login(people[0].user)
    paper = text_of(client, f"/certificates/{own.check_code}/")
    assert "原因：重名，发错人" in paper and "<article" not in paper
    assert (
        "已失效" in client.get(f"/certificates/{own.check_code}/pdf/", follow=True).content.decode()
    )
    client.force_login(office)
    answer = client.post(f"/manage/certificates/{own.pk}/renew/", follow=True).content.decode()
    assert "已为𠮷川·明补发证书" in answer


def test_the_list_gives_one_pdf_of_those_ticked(client, issued, office):
    client.force_login(office)
    page = text_of(client, "/manage/certificates/")
    assert all(row.number in page for row in issued)

    file = client.post(
        "/manage/certificates/pdf/", {"row": [str(row.pk) for row in issued[:2]], "action": "pdf"}
    )
    assert file.content.startswith(b"%PDF")
    none = client.post("/manage/certificates/pdf/", {"row": [], "action": "pdf"}, follow=True)
    assert "没有可下载的 PDF" in none.content.decode()


def test_an_administrator_issues_those_of_a_year(client, closed, people, office):
    client.force_login(office)
    town = people[0].village.town
    sent = {"year": str(timezone.localdate(closed.starts_at).year), "town": town.code}

    page = client.post("/manage/certificates/year/", sent).content.decode()
    assert "𠮷川·明" in page and Certificate.objects.count() == 0
    answer = client.post("/manage/certificates/year/", sent | {"confirmed": "1"}, follow=True)

    assert f"已发放{town.name} 1 份证书。" in answer.content.decode()
    again = client.post("/manage/certificates/year/", sent).content.decode()
    assert "均已持有有效证书" in again
    assert client.post("/manage/certificates/year/", {"year": "1999"}).status_code == 200


# --- The public check -----------------------------------------------------------------------------


def test_a_valid_one_shows_the_least(client, closed, issued, people):
    row = next(row for row in issued if row.trainee == people[0])
    response = client.get(f"/check/{row.check_code}/")
    page = response.content.decode()

    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response["Cache-Control"]
    for shown in ("证书有效", "𠮷＊＊＊", "协商议事训练班", "6", row.number, row.issuer):
        assert shown in page
    for hidden in ("𠮷川·明", people[0].user.phone, people[0].village.name):
        assert hidden not in page


def test_each_other_answer_is_a_sentence(client, closed, issued, office):
    first, second, _third = issued
    revoke(certificate=first, reason="发错人", by=office, now=timezone.now())
    page = text_of(client, f"/check/{first.check_code}/")
    assert "证书已撤销" in page and "发错人" not in page
    assert "未查到这份证书" in text_of(client, f"/check/{'0' * 16}/", 404)
    assert "核验码不正确" in text_of(client, "/check/abc/", 404)
    assert "核验码不正确" in text_of(client, "/check/王＊/", 404)

    reopen_class(training_class=closed, reason="补点名", by=office, now=timezone.now())
    assert "证书目前不作数" in text_of(client, f"/check/{second.check_code}/")


def test_number_and_code_are_typed(client, issued):
    row, other = issued[:2]

    def typed(number, code):
        return client.post("/check/", {"number": number, "code": code}).content.decode()

    assert "证书有效" in typed(row.number.lower(), row.code_in_groups)
    assert "未查到这份证书" in typed(other.number, row.check_code)
    assert "核验码不正确" in typed(row.number, "12345")
    assert "invalid-feedback" in typed("", "")


def test_whoever_guesses_waits(client, issued, monkeypatch):
    from academy.accounts import lockout
    from trainees.certificates import checking

    monkeypatch.setattr(checking, "WRONG_CHECKS", lockout.Limit("certificate-check", 1, 900))
    client.get(f"/check/{'0' * 16}/")

    response = client.get(f"/check/{'1' * 16}/")

    assert response.status_code == 429 and "次数过多" in response.content.decode()
