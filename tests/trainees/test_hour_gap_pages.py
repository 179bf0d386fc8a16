"""The list of missing study hours on the screen, as a workbook and on paper."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest

from trainees.models import HourTarget

pytestmark = pytest.mark.django_db

PAGE = "/manage/people/hours/"


@pytest.fixture
def missing(cadre):
    HourTarget.objects.create(
        position=cadre.position,
        hours=56,
        centralised_sessions=1,
        legal_basis="示例条例",
        valid_from=date(2020, 1, 1),
    )
    return cadre


def test_the_list_of_people_leads_there_and_a_name_to_the_statement(
    client, missing, village_coordinator
):
    client.force_login(village_coordinator)

    assert f'href="{PAGE}"' in client.get("/manage/people/").text
    text = client.get(PAGE).text
    assert missing.user.name in text and "还需报名" in text and "0 / 1" in text
    assert f'href="/manage/people/{missing.user.pk}/hours/?year=' in text


def test_the_workbook_has_numbers_and_the_paper_says_of_what_it_is(
    client, missing, village_coordinator
):
    client.force_login(village_coordinator)

    answer = client.get(f"{PAGE}?export=xlsx")
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    assert 56 in [cell.value for cell in sheet[2]]
    paper = client.get(f"{PAGE}?print=1&who=all").text
    assert missing.village.town.name in paper and "年学时" in paper
    assert missing.user.phone not in paper


def test_nobody_missing_says_so(client, cadre, village_coordinator):
    client.force_login(village_coordinator)

    assert "没有学时未达标的人员" in client.get(PAGE).text
