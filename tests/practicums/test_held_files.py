"""A chosen file is not lost when another field of its form is refused."""

import os
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from academy.uploads.kinds import examine
from practicums.evidence import held_files
from practicums.models import Evidence, HeldFile, ItemKind, ItemStatus
from tests.factories import NOW

from .factories import JPG, PDF, PNG, item_of, office_clerk, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def page(client, clerk):
    """The office, which records get-togethers."""
    client.force_login(clerk)
    return client


def address(secondment) -> str:
    return reverse("practicums:add_record", args=[secondment.code, MEETING])


MEETING = ItemKind.GET_TOGETHER
DONE = {"text": "见面", "held_on": "2027-02-20", "declared_open": "on"}


def offered(response) -> list[str]:
    return re.findall(
        r'<input type="checkbox"[^>]* name="held" value="([^"]+)"', response.content.decode()
    )


def files_on_disk(settings) -> list[str]:
    return sorted(path.parent.name for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())


def test_a_photo_waits_while_another_field_is_put_right(
    page, secondment, settings, django_capture_on_commit_callbacks
):
    refused = page.post(
        address(secondment), {**DONE, "declared_open": "", "file": upload(JPG, "合影.jpg")}
    )

    assert (
        "declared_open" in refused.context["record_form"].errors
        and "合影.jpg" in refused.content.decode()
    )
    (key,) = offered(refused)
    assert not Evidence.objects.exists()
    item_page = reverse("practicums:item", args=[secondment.code, MEETING])
    assert offered(page.get(item_page)) == [key]  # also on another day's visit

    with django_capture_on_commit_callbacks(execute=True):
        page.post(address(secondment), {**DONE, "held": key})

    assert [piece.original_name for piece in Evidence.objects.filter(kind="file")] == ["合影.jpg"]
    assert Evidence.objects.get(kind="file").sha256 == examine(upload(JPG)).sha256
    assert item_of(secondment, MEETING).status == ItemStatus.HANDED_IN
    assert (HeldFile.objects.count(), files_on_disk(settings)) == (0, ["evidence"])


def test_a_photo_alone_waits_when_the_day_is_wrong(page, secondment):
    refused = page.post(
        address(secondment),
        {"file": upload(), "held_on": "2999-01-01", "declared_open": "on"},
    )
    (key,) = offered(refused)
    assert refused.context["record_form"].errors.keys() == {"held_on"}

    page.post(address(secondment), {**DONE, "text": "", "held": key})

    assert [piece.kind for piece in Evidence.objects.all()] == ["file"]


def test_the_newest_choice_counts_and_an_unticked_file_is_left_out(page, secondment):
    (first,) = offered(page.post(address(secondment), {"file": upload(PNG, "一.png")}))
    (second,) = offered(
        page.post(address(secondment), {"file": upload(PDF, "二.pdf"), "held": first})
    )
    assert first != second and HeldFile.objects.count() == 1

    page.post(address(secondment), DONE)

    assert [piece.kind for piece in Evidence.objects.all()] == ["text"]
    assert not HeldFile.objects.exists()


def test_a_file_that_no_longer_waits_is_said_and_never_dropped_in_silence(page, secondment):
    (key,) = offered(page.post(address(secondment), {"file": upload()}))
    for gone in (
        lambda: default_storage.delete(HeldFile.objects.get().file.name),
        lambda: HeldFile.objects.all().delete(),
    ):
        gone()
        response = page.post(address(secondment), {**DONE, "held": key})
        assert "已不在" in response.context["record_form"].errors["file"][0]
        assert not Evidence.objects.exists()

    response = page.post(address(secondment), {**DONE, "held": "x"})
    assert "已不在" in response.context["record_form"].errors["file"][0]


def test_nobody_else_can_send_a_held_file(client, secondment, page):
    (key,) = offered(page.post(address(secondment), {"file": upload()}))
    client.force_login(office_clerk())

    response = client.post(address(secondment), {**DONE, "held": key})

    assert "file" in response.context["record_form"].errors and not Evidence.objects.exists()


def test_the_sheet_of_an_appraisal_waits_too(client, secondment, official):
    client.force_login(official)
    refused = client.post(
        reverse("practicums:appraisal", args=[secondment.code]), {"file": upload(PDF, "鉴定.pdf")}
    )
    (key,) = offered(refused)

    client.post(
        reverse("practicums:appraisal", args=[secondment.code]),
        {"text": "表现良好", "held": key, "declared_open": "on"},
    )

    assert Evidence.objects.get(kind="file").original_name == "鉴定.pdf"


def test_no_room_to_hold_is_said(page, secondment, settings, tmp_path):
    (tmp_path / "file").write_text("no folder can be made below a file")
    settings.MEDIA_ROOT = tmp_path / "file" / "media"

    response = page.post(address(secondment), {**DONE, "declared_open": "", "file": upload()})

    assert response.context["record_form"].errors.keys() == {"declared_open", "file"}
    assert not HeldFile.objects.exists()


def test_after_a_day_a_held_file_is_deleted(
    page, secondment, settings, django_capture_on_commit_callbacks
):
    page.post(address(secondment), {"file": upload()})
    default_storage.save("evidence/a.partial", ContentFile(b"of a process that died"))
    default_storage.save("held/b.pdf", ContentFile(b"without a row"))
    default_storage.save("evidence/c.pdf", ContentFile(b"evidence"))
    for path in settings.MEDIA_ROOT.rglob("*.*"):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))

    assert held_files.sweep(NOW) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert held_files.sweep(NOW + timedelta(days=1, seconds=1)) == 1
    assert not HeldFile.objects.exists()
    assert held_files.sweep(NOW + timedelta(days=3)) == 2
    assert files_on_disk(settings) == ["evidence"]
