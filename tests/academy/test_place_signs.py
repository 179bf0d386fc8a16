"""The line drawing of each place of teaching."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from academy.models import Campus, CampusKind, Motif
from academy.place_signs import GROUNDS, MOTIFS, OF_A_KIND, place_sign

from ..factories import CampusFactory, UserFactory


def test_every_kind_has_a_ground_and_every_motif_a_drawing():
    assert set(GROUNDS) == set(OF_A_KIND) == set(CampusKind)
    assert set(MOTIFS) == set(Motif)
    drawn = {place_sign(Campus(kind=kind, motif=motif)) for kind in CampusKind for motif in Motif}
    assert len(drawn) == len(CampusKind) * len(Motif)
    assert max(len(sign.encode()) for sign in drawn) <= 2_000


def test_a_place_without_a_motif_takes_that_of_its_kind():
    for kind, motif in OF_A_KIND.items():
        assert place_sign(Campus(kind=kind)) == place_sign(Campus(kind=kind, motif=motif))


def test_the_sign_is_no_second_name_for_a_screen_reader():
    assert 'aria-hidden="true"' in place_sign(Campus(kind=CampusKind.SALON))


def test_an_unknown_motif_never_reaches_the_table(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        CampusFactory(motif="tower of babel"[:10])


def test_the_sign_stands_on_the_pages_of_the_place(client, db):
    campus = CampusFactory(kind=CampusKind.SALON, motif=Motif.BOAT)
    pages = [campus.get_absolute_url(), reverse("portal:network")]
    for page in pages:
        assert MOTIFS[Motif.BOAT] in client.get(page).content.decode()


def test_the_office_chooses_the_motif(client, db):
    campus = CampusFactory(motif="")
    client.force_login(UserFactory(is_superuser=True))
    page = client.get(f"/manage/tables/campuses/{campus.pk}/").content.decode()
    assert all(f'value="{motif}"' in page for motif in Motif.values)
