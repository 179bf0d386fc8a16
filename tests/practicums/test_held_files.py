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
from practicums.seven_items.steps import send_back
from tests.factories import NOW

from .factories import JPG, PDF, PNG, handed_in, item_of, upload, with_evidence

pytestmark = pytest.mark.django_db

CASE = ItemKind.WORK_CASE


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def page(client, secondee):
    client.force_login(secondee)
    return client


def address(secondment, kind=CASE) -> str:
    return reverse("practicums:my_item", args=[secondment.code, kind])


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
        address(secondment), {"text": "案例", "file": upload(JPG, "合影.jpg"), "hand_in": "1"}
    )

    assert (
        "declared_open" in refused.context["form"].errors and "合影.jpg" in refused.content.decode()
    )
    (key,) = offered(refused)
    assert not Evidence.objects.exists()
    assert offered(page.get(address(secondment))) == [key]  # also on another day's visit

    with django_capture_on_commit_callbacks(execute=True):
        page.post(
            address(secondment),
            {"text": "案例", "held": key, "declared_open": "on", "hand_in": "1"},
        )

    assert [piece.original_name for piece in Evidence.objects.filter(kind="file")] == ["合影.jpg"]
    assert Evidence.objects.get(kind="file").sha256 == examine(upload(JPG)).sha256
    assert item_of(secondment, CASE).status == ItemStatus.HANDED_IN
    assert (HeldFile.objects.count(), files_on_disk(settings)) == (0, ["evidence"])


def test_a_photo_alone_waits_when_the_day_is_wrong(page, secondment):
    item = ItemKind.GET_TOGETHER
    refused = page.post(
        address(secondment, item),
        {"file": upload(), "held_on": "2999-01-01", "declared_open": "on"},
    )
    (key,) = offered(refused)
    assert refused.context["form"].errors.keys() == {"held_on"}

    page.post(
        address(secondment, item), {"held": key, "held_on": "2027-03-01", "declared_open": "on"}
    )

    assert [piece.kind for piece in Evidence.objects.all()] == ["file"]


def test_the_newest_choice_counts_and_an_unticked_file_is_left_out(page, secondment):
    (first,) = offered(page.post(address(secondment), {"file": upload(PNG, "一.png")}))
    (second,) = offered(
        page.post(address(secondment), {"file": upload(PDF, "二.pdf"), "held": first})
    )
    assert first != second and HeldFile.objects.count() == 1

    page.post(address(secondment), {"text": "只写几句", "declared_open": "on"})

    assert [piece.kind for piece in Evidence.objects.all()] == ["text"]
    assert not HeldFile.objects.exists()


def test_a_file_that_no_longer_waits_is_said_and_never_dropped_in_silence(
    page, secondment, settings
):
    data = {"text": "案例", "declared_open": "on"}
    (key,) = offered(page.post(address(secondment), {"file": upload()}))
    for gone in (
        lambda: default_storage.delete(HeldFile.objects.get().file.name),
        lambda: HeldFile.objects.all().delete(),
    ):
        gone()
        response = page.post(address(secondment), {**data, "held": key})
        assert "已不在" in response.context["form"].errors["file"][0]
        assert not Evidence.objects.exists()

    assert (
        "已不在"
        in page.post(address(secondment), {**data, "held": "x"}).context["form"].errors["file"][0]
    )


def test_a_second_click_says_that_it_is_done(page, secondment):
    (key,) = offered(page.post(address(secondment), {"file": upload()}))
    for _click in range(2):
        response = page.post(
            address(secondment), {"held": key, "declared_open": "on", "hand_in": "1"}, follow=True
        )

    assert response.status_code == 200
    assert (Evidence.objects.count(), item_of(secondment, CASE).status) == (1, ItemStatus.HANDED_IN)


def test_nobody_else_can_send_a_held_file(client, secondment, foreign, page):
    (key,) = offered(page.post(address(secondment), {"file": upload()}))
    client.force_login(foreign.trainee.user)

    assert offered(client.get(address(foreign))) == []
    response = client.post(address(foreign), {"text": "案例", "held": key, "declared_open": "on"})

    assert "file" in response.context["form"].errors and not Evidence.objects.exists()


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

    response = page.post(address(secondment), {"text": "案例", "file": upload()})

    assert response.context["form"].errors.keys() == {"declared_open", "file"}
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


# --- What the portal filled in --------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind",
    [
        ItemKind.MENTOR_PAIRING,
        ItemKind.PRACTICAL_PROJECT,
        ItemKind.WORK_CASE,
        ItemKind.PRACTICE_REPORT,
    ],
)
@pytest.mark.parametrize("button", ["hand_in", "keep"])
def test_what_the_portal_filled_in_is_no_evidence(page, secondment, kind, button):
    with_evidence(secondment, ItemKind.TASK_LIST, "1. 走访")
    filled_in = page.get(address(secondment, kind)).context["form"].initial["text"]
    assert filled_in

    response = page.post(
        address(secondment, kind), {"text": f" {filled_in}\r\n", "declared_open": "on", button: "1"}
    )

    assert "系统带入的内容" in response.context["form"].errors["text"][0]
    assert item_of(secondment, kind).status == ItemStatus.NOT_STARTED

    page.post(
        address(secondment, kind),
        {"text": f"{filled_in}3月1日，居委会", "declared_open": "on", button: "1"},
    )
    assert item_of(secondment, kind).status != ItemStatus.NOT_STARTED


def test_the_version_that_came_back_is_not_handed_in_unchanged(page, secondment, mentor):
    send_back(item=handed_in(secondment, CASE, "第一稿"), comment="补上日期", by=mentor, now=NOW)

    response = page.post(
        address(secondment), {"text": "第一稿", "declared_open": "on", "hand_in": "1"}
    )
    assert "text" in response.context["form"].errors

    page.post(
        address(secondment),
        {"text": "第一稿", "file": upload(), "declared_open": "on", "hand_in": "1"},
    )
    assert item_of(secondment, CASE).status == ItemStatus.HANDED_IN
