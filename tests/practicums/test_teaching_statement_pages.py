"""The statement of teaching and mentoring on the screen and as a PDF. docs/rules.md R92."""

import io

import pytest
import time_machine
from django.urls import reverse
from pypdf import PdfReader

from academy.models import Role
from courses.models import Expert
from tests.conftest import grant
from tests.factories import NOW, CampusFactory, ExpertFactory, TraineeFactory, UserFactory
from trainees.certificates import pdf
from trainees.certificates.pdf import table_pdf_of
from trainees.certificates.tables import PaperTable, TableColumn, TablePaper

from .factories import SecondmentFactory
from .test_teaching_statements import taught_by, year_of

pytestmark = pytest.mark.django_db

OWN = reverse("practicums:my_teaching_statement")


@pytest.fixture
def expert():
    return ExpertFactory(user=UserFactory(), published=True)


@pytest.fixture
def taught(expert):
    return taught_by(expert)


def address_of(expert: Expert) -> str:
    return reverse("practicums:expert_teaching", args=[expert.code])


def test_an_expert_prints_their_own(client, expert, taught):
    client.force_login(expert.user)
    assert f'href="{OWN}"' in client.get("/me/teaching/").text

    text = client.get(OWN, {"year": year_of(taught)}).text

    assert f"{year_of(taught)} 年授课与带教证明" in text
    assert taught.title in text and "主讲" in text and "合计" in text


def test_a_cadre_who_teaches_reaches_it_from_the_hours(client, expert, cadre):
    client.force_login(cadre.user)
    assert OWN not in client.get("/me/hours/").text

    ExpertFactory(user=cadre.user)

    assert OWN in client.get("/me/hours/").text


def test_a_mentor_reaches_it_from_the_people_they_mentor(client):
    secondment = SecondmentFactory()
    with time_machine.travel(NOW):
        client.force_login(secondment.mentor)
        assert f'href="{OWN}"' in client.get("/me/mentoring/").text

        text = client.get(OWN).text

    assert secondment.trainee.user.name in text and secondment.host_name in text


def test_a_year_with_nothing_says_so(client, expert):
    client.force_login(expert.user)

    text = client.get(OWN, {"year": "2020"}).text

    assert "本年没有已结班班次的授课" in text and "本年没有带教挂职学员" in text


def test_a_year_that_does_not_exist_says_so(client, expert):
    client.force_login(expert.user)

    assert "没有这个年份" in client.get(OWN, {"year": "abc"}).text


def test_the_branch_reaches_it_from_the_page_of_whoever_taught_there(client, expert):
    campus = CampusFactory()
    client.force_login(grant(Role.BRANCH_COORDINATOR, campus=campus))
    assert address_of(expert) not in client.get(expert.get_absolute_url()).text
    assert client.get(address_of(expert)).status_code == 403

    own, other = taught_by(expert, campus=campus), taught_by(expert)

    assert address_of(expert) in client.get(expert.get_absolute_url()).text
    text = client.get(address_of(expert), {"year": year_of(own)}).text
    assert own.title in text and other.title not in text and "只列出具单位举办的班次" in text


def test_the_office_reaches_it_from_the_page_of_a_person(client, expert, taught):
    client.force_login(grant(Role.DISTRICT_STAFF))
    person, nobody = TraineeFactory(user=expert.user).user, TraineeFactory().user
    address = reverse("practicums:person_teaching", args=[person.pk])

    assert f'href="{address}"' in client.get(f"/manage/people/{person.pk}/").text
    assert "授课与带教证明" not in client.get(f"/manage/people/{nobody.pk}/").text
    assert taught.title in client.get(address, {"year": year_of(taught)}).text


def test_a_draft_of_a_name_is_found_by_nobody_else(client, expert):
    Expert.objects.filter(pk=expert.pk).update(published=False)
    client.force_login(UserFactory())

    assert client.get(address_of(expert)).status_code == 404


def words_of(content: bytes) -> list[str]:
    """The text of each page, without spaces. pypdf reads the two bytes of a character one by one,
    the first is always 0.
    """
    return [
        "".join(page.extract_text().replace("\0", "").split())
        for page in PdfReader(io.BytesIO(content)).pages
    ]


def test_the_pdf_says_what_the_page_says(client, expert, taught):
    client.force_login(expert.user)

    answer = client.get(OWN, {"year": year_of(taught), "pdf": "1"})

    assert answer["Content-Type"] == "application/pdf"
    (text,) = words_of(answer.content)
    for words in (f"{year_of(taught)}年授课与带教证明", expert.name, taught.title, "合计"):
        assert "".join(words.split()) in text


def test_without_its_fonts_the_page_says_so(client, expert, taught, monkeypatch, tmp_path):
    monkeypatch.setattr(pdf, "FONTS", tmp_path)
    client.force_login(expert.user)

    answer = client.get(OWN, {"year": year_of(taught), "pdf": "1"}, follow=True)

    assert "未安装所需字体" in answer.text


def test_a_long_paper_repeats_its_head_and_stays_within_the_sheet():
    columns = [TableColumn("序号", 12, "middle"), TableColumn("课次", 50), TableColumn("学时", 16)]
    rows = [[str(number), f"𠮷川·明讲的社区治理课{number}" * 4, "2.5"] for number in range(1, 61)]
    paper = TablePaper(
        "2027 年授课与带教证明",
        ["姓名：𠮷川·明"],
        [PaperTable("授课", columns, rows, "没有", "150", "合计")],
        "授课只列已结班班次的课次。",
        ["核对人：", "单位（盖章）："],
    )

    content = table_pdf_of(paper)

    pages = words_of(content)
    assert len(pages) > 1 and all("序号课次学时" in page for page in pages)
    assert "𠮷川·明讲的社区治理课60" in pages[-1] and "合计150" in pages[-1]
    assert f"{len(pages)}/{len(pages)}" in pages[-1]
    for page in PdfReader(io.BytesIO(content)).pages:
        places = []
        page.extract_text(
            visitor_text=lambda text, cm, tm, font, size, places=places: places.append(
                (tm[4], tm[5], text)
            )
        )
        placed = [(x, y) for x, y, text in places if text.strip("\0 \n")]
        assert placed and all(40 < x < 560 and 20 < y < 800 for x, y in placed)
