"""Help for each role of the office: steps that lead where the role may go, and a small picture."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from academy.models import Role
from portal.office_help import PARTS

LINK = re.compile(r'<a\b[^>]*?\shref="(/[^"]*|#[^"]*)"')
MOST = 60_000  # bytes of a picture


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.slug)
def test_the_steps_of_a_role_lead_where_it_may_go(client, part, request):
    client.force_login(request.getfixturevalue(part.role))

    page = client.get(reverse("portal:help_part", args=[part.slug])).text
    for step in part.steps:
        here = reverse(step.address)
        assert f'href="{here}"' in page
        assert client.get(here, follow=True).status_code == 200, here


def test_every_role_that_runs_something_has_a_part(client, db):
    assert {part.role for part in PARTS} == set(Role) - {Role.AUDITOR}
    page = client.get(reverse("portal:help")).text
    assert all(f"/help/{part.slug}/" in page for part in PARTS)
    assert client.get("/help/nobody/").status_code == 404


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.slug)
def test_a_picture_is_small(part):
    assert (settings.BASE_DIR / "static" / "help" / part.picture).stat().st_size <= MOST


READERS = (*Role, "cadre", "nobody")


@pytest.fixture
def reader(request, client, cadre):
    """Somebody of each role, a cadre without one, and a visitor."""
    if request.param == "cadre":
        client.force_login(cadre.user)
    elif request.param != "nobody":
        client.force_login(request.getfixturevalue(request.param))
    return client


@pytest.mark.parametrize("reader", READERS, indirect=True)
def test_no_page_of_help_leads_its_reader_to_a_closed_door(reader):
    pages = [reverse("portal:help"), *(reverse("portal:help_part", args=[p.slug]) for p in PARTS)]
    links = {
        link.partition("#")[0]
        for page in pages
        for link in LINK.findall(
            reader.get(page).text.partition("<main")[2].partition("</main>")[0]
        )
    } - {""}

    answers = {link: reader.get(link, follow=True).status_code for link in sorted(links)}

    assert len(links) > len(PARTS)
    assert {link: status for link, status in answers.items() if status != 200} == {}


def test_who_may_not_open_a_page_reads_who_can(client, cadre):
    client.force_login(cadre.user)

    page = client.get(reverse("portal:help_part", args=["town-staff"])).text

    assert f'href="{reverse("trainees:rosters")}"' not in page
    assert "由街镇" in page
