"""Changing one's own number: a code to the new one; one stays logged in here and nowhere else."""

import pytest
from django.test import Client

from academy.models import PersonChange, User

from ..factories import UserFactory

ADDRESS = "/me/number/"
NEW = "19900000555"


@pytest.fixture
def sent(monkeypatch):
    """The codes that were sent, by number."""
    codes = {}
    monkeypatch.setattr(
        "trainees.people.phones.send_code", lambda user, code: codes.update({user.phone: code})
    )
    return codes


@pytest.fixture
def page(client, cadre):
    client.force_login(cadre.user)
    return client


def begin(page, phone=NEW):
    seen = page.get(ADDRESS).context["as_seen"]
    return page.post(ADDRESS, {"step": "code", "phone": phone, "as_seen": seen})


def test_the_code_of_the_new_number_changes_it_and_ends_other_sessions(page, cadre, sent):
    assert f'href="{ADDRESS}"' in page.get("/me/").text
    old, elsewhere = cadre.user.masked_phone, Client()
    elsewhere.force_login(cadre.user)
    assert begin(page).url == ADDRESS
    asked = page.get(ADDRESS).text
    assert NEW not in asked and "199****0555" in asked
    cadre.user.refresh_from_db()
    assert cadre.user.phone != NEW

    wrong = page.post(ADDRESS, {"step": "confirm", "code": "1" + sent[NEW]})
    assert wrong.status_code == 200 and "请本人" not in wrong.text
    done = page.post(ADDRESS, {"step": "confirm", "code": sent[NEW]}, follow=True)

    assert done.redirect_chain[-1][0] == "/me/" and "199****0555" in done.text
    assert User.objects.get(pk=cadre.user.pk).phone == NEW
    assert page.get(ADDRESS).status_code == 200
    assert elsewhere.get(ADDRESS).status_code == 302
    change = PersonChange.objects.get(person=cadre.user)
    assert change.by == cadre.user and old in str(change.details)


@pytest.mark.parametrize("phone", ["", "123", "own", "taken"])
def test_a_number_that_cannot_be_taken_is_said_without_saying_whose_it_is(page, cadre, sent, phone):
    other = UserFactory(name="别人", phone="19900000444")
    typed = {"own": cadre.user.phone, "taken": other.phone}.get(phone, phone)
    response = begin(page, typed)
    assert response.context["form"].errors["phone"]
    assert "别人" not in response.text and not sent


def test_numbers_cannot_be_tried_one_after_the_other(page, sent):
    UserFactory(phone="19900000444")
    said = [begin(page, "19900000444").context["form"].errors["phone"][0] for _n in range(6)]
    assert len(set(said[:5])) == 1 and said[5] != said[0]


def test_somebody_elses_code_changes_nothing(client, page, cadre, colleague, sent):
    begin(page)
    client.force_login(colleague.user)
    client.post(ADDRESS, {"step": "confirm", "code": sent[NEW]})
    assert not User.objects.filter(phone=NEW).exists()
    assert client.get(ADDRESS).context["waiting"] is None


def test_the_page_of_a_person_leads_to_what_they_can_do(
    client, cadre, administrator, district_staff
):
    address, link = f"/manage/people/{cadre.user.pk}/", f"/manage/roles/who/?person={cadre.user.pk}"
    for user, leads in ((administrator, True), (district_staff, False)):
        client.force_login(user)
        assert (link in client.get(address).text) == leads
