"""Help for each role of the office: steps that lead where the role may go, and a small picture."""

import pytest
from django.conf import settings
from django.urls import reverse

from academy.models import Role
from portal.office_help import PARTS

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
