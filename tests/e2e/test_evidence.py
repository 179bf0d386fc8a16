"""Evidence on a phone: what was chosen and typed is there, whatever is refused and however slow."""

import io
import os
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from practicums.models import Evidence, EvidenceDraft, HeldFile, ItemKind, ItemStatus
from tests.practicums.factories import SecondmentFactory

pytestmark = pytest.mark.django_db(transaction=True)

# slow 3G as browsers' tools have it: 400 kbit/s, 400 ms
SLOW_3G = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 50_000,
    "uploadThroughput": 50_000,
}


@pytest.fixture
def secondment(db):
    today = timezone.localdate()
    return SecondmentFactory(
        starts_on=today - timedelta(days=60), ends_on=today + timedelta(days=60)
    )


def photo(name: str, side: int = 1200) -> dict:
    """A photo with noise in it, as a camera makes them: some hundred kilobytes."""
    noise = Image.frombytes("RGB", (side // 4, side // 4), os.urandom(3 * (side // 4) ** 2))
    buffer = io.BytesIO()
    noise.resize((side, side)).save(buffer, "JPEG", quality=90)
    return {"name": name, "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def open_item(window, secondment, kind, **options):
    visitor = window(secondment.trainee.user, **options)
    return visitor.open(f"/me/secondment/{secondment.code}/{kind}/")


def hand_in(page) -> None:
    page.locator("#hand-in_declared_open").check()
    page.locator("button[form=hand-in]:visible, #hand-in button:visible").first.click()
    page.wait_for_url("**/practical_project/")


def test_three_photos_on_slow_3g_and_one_refused_field_lose_nothing(window, secondment):
    page = open_item(window, secondment, ItemKind.PRACTICAL_PROJECT)
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW_3G)
    page.locator("#draft_steps_1").fill("四个站夜里拉动")  # its day is forgotten
    page.locator("#draft_text").fill("从 11 分钟降到 7 分钟")
    page.locator("#draft_files").set_input_files([photo(f"照片{n}.jpg") for n in (1, 2, 3)])
    expect(page.locator(".draft-file progress").first).to_be_visible()

    # pressed while photos are still on their way: the page goes on by itself
    page.locator("button[name=check]:visible").click()
    expect(page.locator("#draft-missing")).to_be_visible(timeout=60_000)
    expect(page.locator("#draft-missing")).to_contain_text("写上日期")
    expect(page.locator("#draft-missing")).to_contain_text("不用再选")
    expect(page.locator(".draft-file img")).to_have_count(3)
    expect(page.locator("#draft_text")).to_have_value("从 11 分钟降到 7 分钟")

    page.locator("#draft_steps_1_day").fill("11月20日")
    page.locator("button[name=check]:visible").click()
    page.wait_for_url("**/hand-in/")
    expect(page.locator(".thumbs img")).to_have_count(3)
    hand_in(page)

    item = secondment.items.get(kind=ItemKind.PRACTICAL_PROJECT)
    assert item.status == ItemStatus.HANDED_IN
    assert sorted(Evidence.objects.filter(kind="file").values_list("original_name", flat=True)) == [
        "照片1.jpg",
        "照片2.jpg",
        "照片3.jpg",
    ]
    assert not HeldFile.objects.exists()


def test_a_file_of_a_refused_form_is_there_without_javascript(window, secondment):
    page = open_item(window, secondment, ItemKind.PRACTICAL_PROJECT, javascript=False)
    page.locator("#draft_steps_1").fill("四个站夜里拉动")
    page.locator("#draft_files").set_input_files([photo("照片.jpg", 400)])
    page.locator("button[name=check]:visible").click()
    expect(page.locator("#draft-missing")).to_contain_text("写上日期")
    expect(page.locator(".draft-file")).to_contain_text("照片.jpg")

    page.locator("#draft_steps_1_day").fill("11月20日")
    page.locator("button[name=check]:visible").click()
    hand_in(page)

    assert Evidence.objects.get(kind="file").original_name == "照片.jpg"


def test_a_large_photo_is_made_smaller_on_the_phone(window, secondment):
    page = open_item(window, secondment, ItemKind.WORK_CASE)
    large = photo("大.jpg", 3000)
    page.locator("#draft_files").set_input_files([large])
    expect(page.locator(".draft-file-state.ok")).to_be_visible()

    held = HeldFile.objects.get()
    assert held.size < len(large["buffer"])
    with held.file.open("rb") as file, Image.open(file) as kept:
        assert kept.size == (2000, 2000)


def test_what_is_typed_saves_itself_and_leaving_asks_nothing(window, secondment):
    page = open_item(window, secondment, ItemKind.WORK_CASE)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("#draft_text").fill("一户一户谈下来")
    expect(page.locator("[data-saved]")).to_contain_text("存了草稿")

    page.reload()

    expect(page.locator("#draft_text")).to_have_value("一户一户谈下来")
    assert asked == [] and EvidenceDraft.objects.count() == 1


def test_the_second_window_is_told(window, secondment):
    first = open_item(window, secondment, ItemKind.WORK_CASE)
    second = open_item(window, secondment, ItemKind.WORK_CASE)
    first.locator("#draft_text").fill("窗口一")
    expect(first.locator("[data-saved]")).to_contain_text("存了草稿")

    second.locator("#draft_text").fill("窗口二")
    expect(second.locator("[data-saved]")).to_contain_text("另一个窗口")

    assert EvidenceDraft.objects.get().answers["text"] == "窗口一"
