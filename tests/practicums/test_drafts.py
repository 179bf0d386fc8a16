"""What is typed and chosen for an item is kept until it is handed in, whatever is refused."""

import io
import json
import os
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from PIL import ExifTags, Image

from academy.uploads.keeping import FileNotKept, store
from academy.uploads.kinds import examine
from notices.models import Notice
from practicums.evidence import drafts, held_files
from practicums.models import (
    Evidence,
    EvidenceDraft,
    EvidenceKind,
    HeldFile,
    ItemKind,
    ItemStatus,
)
from practicums.seven_items.handing_in import keep, keep_file, mark_looked, take_back
from practicums.seven_items.questions import QUESTIONS, as_text
from practicums.seven_items.steps import send_back, sign
from tests.factories import NOW, UserFactory

from .factories import JPG, PDF, PNG, handed_in, item_of, picture, upload, with_evidence

pytestmark = pytest.mark.django_db

CASE, PROJECT, MEETING = ItemKind.WORK_CASE, ItemKind.PRACTICAL_PROJECT, ItemKind.GET_TOGETHER


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def page(client, secondee):
    client.force_login(secondee)
    return client


def at(secondment, name="my_item", kind=CASE, *rest) -> str:
    return reverse(f"practicums:{name}", args=[secondment.code, kind, *rest])


def hand_in(page, secondment, kind=CASE, **data):
    check = page.post(at(secondment, kind=kind), {**data, "check": "1"}, follow=True)
    revision = check.context["form"]["revision"].value()
    return page.post(
        at(secondment, "hand_in", kind), {"revision": revision, "declared_open": "on"}, follow=True
    )


def files_on_disk(settings) -> list[str]:
    return sorted(path.parent.name for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())


# --- Nothing is lost ------------------------------------------------------------------------------


def test_three_photos_stay_while_a_day_is_put_right(
    page, secondment, settings, django_capture_on_commit_callbacks
):
    """The plain form, as it is sent without JavaScript."""
    typed = {
        "title": "示例项目",
        "steps_1_day": "10月15日",
        "steps_1": "摸底",
        "steps_2": "拉动",
        "text": "从 11 分钟降到 7 分钟",
    }
    chosen = [upload(PNG, "柜.png"), upload(JPG, "夜.jpg"), upload(PDF, "表.pdf")]
    refused = page.post(at(secondment, kind=PROJECT), {**typed, "files": chosen, "check": "1"})

    shown = refused.content.decode()
    assert refused.context["form"].errors == {"steps_2_day": ["写上日期，例如 11月20日。"]}
    assert "还差 1 处" in shown and "不用再选" in shown
    assert all(name in shown for name in ("柜.png", "夜.jpg", "表.pdf"))

    # only the day is written; no file is chosen again
    with django_capture_on_commit_callbacks(execute=True):
        hand_in(page, secondment, PROJECT, **typed, steps_2_day="11月20日")

    assert [piece.original_name for piece in Evidence.objects.filter(kind="file")] == [
        "柜.png",
        "夜.jpg",
        "表.pdf",
    ]
    text = Evidence.objects.get(kind="text")
    assert text.text == (
        "项目名称：示例项目\n\n三个节点：\n10月15日：摸底\n11月20日：拉动\n\n"
        "做成了什么：从 11 分钟降到 7 分钟"
    )
    assert text.answers["steps_2_day"] == "11月20日"
    assert not HeldFile.objects.exists() and not EvidenceDraft.objects.exists()
    assert files_on_disk(settings) == ["evidence"] * 3


def test_one_refused_file_costs_no_other(page, secondment):
    response = page.post(
        at(secondment),
        {"text": "案例", "files": [upload(PNG), upload(b"MZ", "x.exe"), upload(PDF)]},
    )

    assert response.context["form"].errors.keys() == {"files"}
    assert "x.exe" in response.context["form"].errors["files"][0]
    assert HeldFile.objects.count() == 2
    assert EvidenceDraft.objects.get().answers == {"text": "案例"}


def test_a_file_is_taken_out_and_what_was_typed_is_kept_with_it(page, secondment):
    page.post(at(secondment), {"files": [upload(PNG, "一.png"), upload(PDF, "二.pdf")]})
    first = HeldFile.objects.get(original_name="一.png")

    for _click in range(2):
        page.post(at(secondment), {"text": "又写了几句", "drop": first.key})

    assert [file.original_name for file in HeldFile.objects.all()] == ["二.pdf"]
    assert EvidenceDraft.objects.get().answers == {"text": "又写了几句"}
    page.post(at(secondment), {"text": "又写了几句", "drop": "nothing"})
    assert HeldFile.objects.count() == 1


def test_the_same_photo_twice_is_one(page, secondment, settings):
    page.post(at(secondment), {"files": [upload(PNG, "一.png"), upload(PNG, "二.png")]})

    assert [file.original_name for file in HeldFile.objects.all()] == ["一.png"]
    assert files_on_disk(settings) == ["held"]


def test_nine_files_and_so_many_bytes_are_the_most(page, secondment, monkeypatch, settings):
    chosen = [
        upload(b"%PDF-1.7\n" + str(number).encode() * 40, f"{number}.pdf") for number in range(10)
    ]
    response = page.post(at(secondment), {"text": "案例", "files": chosen})

    assert "最多交 9 个文件，“9.pdf”没有存" in response.context["form"].errors["files"][0]
    assert (HeldFile.objects.count(), len(files_on_disk(settings))) == (9, 9)

    page.post(at(secondment), {"drop": HeldFile.objects.first().key})
    monkeypatch.setattr(drafts, "MOST_BYTES", 1024)
    response = page.post(at(secondment), {"files": upload(b"%PDF-1.7\n" + b"9" * 2000, "大.pdf")})
    assert "“大.pdf”没有存" in response.context["form"].errors["files"][0]
    assert HeldFile.objects.count() == 8


def test_a_photo_is_kept_upright_and_without_its_place(page, secondment):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "a phone"
    page.post(at(secondment, "add_file"), {"files": upload(picture("JPEG", exif=exif), "照.jpg")})

    with HeldFile.objects.get().file.open("rb") as file, Image.open(file) as kept:
        assert kept.size == (16, 32) and not kept.getexif()


# --- The draft saves itself -----------------------------------------------------------------------


def based_on(page, secondment) -> str:
    shown = page.get(at(secondment)).content.decode()
    return re.search(r'name="based_on" value="([^"]*)"', shown)[1]


def test_text_is_saved_by_itself_without_a_declaration(page, secondment):
    base = based_on(page, secondment)
    answer = page.post(at(secondment, "save_draft"), {"text": "第一句", "based_on": base})
    told = json.loads(answer.content)

    assert answer.status_code == 200 and "存了草稿" in told["said"]
    again = page.post(
        at(secondment, "save_draft"), {"text": "第一句，第二句", "based_on": told["based_on"]}
    )

    assert again.status_code == 200
    assert EvidenceDraft.objects.get().answers == {"text": "第一句，第二句"}
    assert "第一句，第二句" in page.get(at(secondment)).content.decode()
    assert not Evidence.objects.exists()


def test_what_the_portal_filled_in_makes_no_draft(page, secondment):
    page.post(at(secondment, "save_draft"), {"title": "示例案例"})

    assert not EvidenceDraft.objects.exists()
    assert item_of(secondment, CASE).status == ItemStatus.NOT_STARTED


def test_the_window_that_was_left_behind_is_told_and_undoes_nothing(page, secondment):
    base = based_on(page, secondment)
    page.post(at(secondment, "save_draft"), {"text": "窗口一", "based_on": base})

    refused = page.post(at(secondment, "save_draft"), {"text": "窗口二", "based_on": base})

    assert refused.status_code == 409 and "另一个窗口" in json.loads(refused.content)["refused"]
    assert EvidenceDraft.objects.get().answers == {"text": "窗口一"}

    both = page.post(at(secondment), {"text": "窗口二", "based_on": base})
    shown = both.content.decode()
    assert "窗口一" in shown and "窗口二" in shown
    assert EvidenceDraft.objects.get().answers == {"text": "窗口一"}


def test_files_of_a_window_that_was_left_behind_are_kept(page, secondment):
    base = based_on(page, secondment)
    page.post(at(secondment, "save_draft"), {"text": "窗口一", "based_on": base})

    page.post(at(secondment), {"text": "窗口二", "based_on": base, "files": upload(PNG)})

    assert HeldFile.objects.count() == 1


def test_files_are_sent_one_by_one(page, secondment):
    answer = page.post(at(secondment, "add_file"), {"files": upload(PNG, "一.png")})
    told = json.loads(answer.content)

    assert "一.png" in told["row"] and told["key"] == str(HeldFile.objects.get().key)
    for wrong in ({}, {"files": upload(b"MZ")}):
        refused = page.post(at(secondment, "add_file"), wrong)
        assert refused.status_code == 409 and json.loads(refused.content)["refused"]
    # what the portal had filled in is not lost by a photo that comes first
    assert EvidenceDraft.objects.get().answers == {"title": "示例案例"}


@pytest.mark.parametrize("name", ["save_draft", "add_file"])
def test_what_is_with_the_signers_takes_no_draft(page, secondment, name):
    handed_in(secondment, CASE)

    answer = page.post(at(secondment, name), {"text": "再写", "files": upload(PNG)})

    assert answer.status_code == 409
    assert not EvidenceDraft.objects.exists() and not HeldFile.objects.exists()


@pytest.mark.parametrize("name", ["save_draft", "add_file", "take_back"])
def test_the_appraisal_has_no_draft(page, secondment, name):
    answer = page.post(at(secondment, name, ItemKind.APPRAISAL), {"text": "很好"})

    assert answer.status_code == 403


def test_the_draft_is_its_owners_alone(page, secondment, mentor, official, clerk):
    page.post(at(secondment), {"text": "只给自己看", "files": upload(PNG, "一.png")})
    key = HeldFile.objects.get().key
    small = at(secondment, "draft_picture", CASE, key)

    response = page.get(small)
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    with Image.open(io.BytesIO(response.content)) as preview:
        assert preview.format == "JPEG"

    for other in (mentor, official, clerk, UserFactory()):
        stranger = Client()
        stranger.force_login(other)
        assert stranger.get(small).status_code == 404
        assert stranger.post(at(secondment, "save_draft"), {"text": "x"}).status_code == 404
        assert stranger.post(at(secondment, "add_file")).status_code == 404
        shown = stranger.get(at(secondment, "item"))
        assert "只给自己看" not in shown.content.decode()


def test_a_file_that_is_no_photo_has_no_small_picture(page, secondment):
    page.post(at(secondment), {"files": upload(PDF, "一.pdf")})
    key = HeldFile.objects.get().key

    assert page.get(at(secondment, "draft_picture", CASE, key)).status_code == 404


# --- The last step --------------------------------------------------------------------------------


def test_what_was_not_looked_at_is_not_handed_in(page, secondment):
    check = page.post(at(secondment), {"text": "案例", "check": "1"}, follow=True)
    revision = check.context["form"]["revision"].value()
    page.post(at(secondment, "add_file"), {"files": upload(PNG)})  # in another window

    response = page.post(
        at(secondment, "hand_in"), {"revision": revision, "declared_open": "on"}, follow=True
    )

    assert "草稿又改过了" in response.content.decode() and not Evidence.objects.exists()


def test_a_file_that_is_gone_is_said_and_nothing_is_handed_in(page, secondment):
    page.post(at(secondment), {"text": "案例", "files": upload(PNG, "一.png")})
    default_storage.delete(HeldFile.objects.get().file.name)

    response = hand_in(page, secondment, text="案例")

    assert "“一.png”已不在" in response.content.decode()
    assert not Evidence.objects.exists() and EvidenceDraft.objects.exists()


def test_a_full_disk_at_the_last_step_keeps_the_draft(page, secondment, settings, monkeypatch):
    page.post(at(secondment), {"text": "案例", "files": [upload(PNG), upload(PDF)]})

    def full(file, folder):
        if file.extension == "pdf":
            raise FileNotKept("存储空间满了")
        return store(file, folder)

    monkeypatch.setattr("practicums.seven_items.evidence_steps.store", full)
    response = hand_in(page, secondment, text="案例")

    assert "存储空间满了" in response.content.decode()
    assert not Evidence.objects.exists() and HeldFile.objects.count() == 2
    assert files_on_disk(settings) == ["held", "held"]


@pytest.mark.parametrize("kind", [PROJECT, CASE, ItemKind.PRACTICE_REPORT])
def test_what_the_portal_filled_in_is_no_evidence(page, secondment, kind):
    with_evidence(secondment, ItemKind.TASK_LIST, "1. 走访")
    filled_in = page.get(at(secondment, kind=kind)).context["form"].instance.answers
    assert filled_in

    response = page.post(at(secondment, kind=kind), {**filled_in, "check": "1"})

    assert "还没有新内容" in response.context["form"].errors["text"][0]
    hand_in(page, secondment, kind, **filled_in, text="做成了一件事")
    assert item_of(secondment, kind).status == ItemStatus.HANDED_IN


def test_the_version_that_came_back_is_not_handed_in_unchanged(page, secondment, mentor):
    hand_in(page, secondment, problem="车没处停", text="第一稿")
    send_back(item=item_of(secondment, CASE), comment="补上日期", by=mentor, now=NOW)

    same = {"problem": "车没处停", "text": "第一稿"}
    response = page.post(at(secondment), {**same, "check": "1"})
    assert "text" in response.context["form"].errors

    hand_in(page, secondment, **same, files=upload(PNG))
    assert item_of(secondment, CASE).status == ItemStatus.HANDED_IN


def test_a_get_together_is_added_to_what_was_handed_in(page, secondment):
    for text in ("第一次", "第二次"):
        hand_in(page, secondment, MEETING, text=text, held_on="2027-02-20")

    assert [piece.text for piece in Evidence.objects.all()] == ["第一次", "第二次"]
    assert item_of(secondment, MEETING).round == 1 and not EvidenceDraft.objects.exists()


# --- Taking back ----------------------------------------------------------------------------------


def test_what_nobody_opened_is_taken_back_with_text_and_photos(
    page, secondment, settings, mentor, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        hand_in(page, secondment, problem="车没处停", text="案例", files=upload(PNG, "一.png"))
    Notice.objects.update(status="sent", sent_at=NOW)
    assert "撤回" in page.get(at(secondment)).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        response = page.post(at(secondment, "take_back"), follow=True)

    item = item_of(secondment, CASE)
    assert "已撤回" in response.content.decode()
    assert (item.status, item.round, item.handed_in_at) == (ItemStatus.IN_PROGRESS, 0, None)
    assert EvidenceDraft.objects.get().answers == {"problem": "车没处停", "text": "案例"}
    assert [file.original_name for file in HeldFile.objects.all()] == ["一.png"]
    assert not Evidence.objects.exists() and files_on_disk(settings) == ["held"]
    assert not Notice.objects.filter(person=mentor).exists()

    hand_in(page, secondment, text="改好的案例")
    assert Notice.objects.filter(person=mentor).count() == 1  # news again
    assert item_of(secondment, CASE).round == 1


def test_once_a_signer_has_opened_it_it_stays(page, secondment, mentor):
    hand_in(page, secondment, text="案例")
    signer = Client()
    signer.force_login(mentor)
    signer.get(at(secondment, "item"))

    assert item_of(secondment, CASE).looked_at == NOW
    assert at(secondment, "take_back") not in page.get(at(secondment)).content.decode()
    response = page.post(at(secondment, "take_back"), follow=True)

    assert "不能再撤回" in response.content.decode()
    assert item_of(secondment, CASE).status == ItemStatus.HANDED_IN
    assert Evidence.objects.count() == 1


def test_a_photo_that_a_signer_opens_counts_as_looked(page, secondment, mentor):
    hand_in(page, secondment, files=upload(PNG))
    signer = Client()
    signer.force_login(mentor)
    assert signer.get(Evidence.objects.get().get_absolute_url()).getvalue()

    assert item_of(secondment, CASE).looked_at == NOW


def test_whoever_signs_nothing_here_has_not_looked(secondment, secondee, foreign, clerk):
    item = handed_in(secondment, CASE)
    for person in (secondee, foreign.mentor, clerk):
        mark_looked(item=item, by=person, now=NOW)

    assert item_of(secondment, CASE).looked_at is None


def test_what_is_signed_in_part_stays(page, secondment, mentor):
    item = handed_in(secondment, PROJECT)
    sign(item=item, role="mentor", by=mentor, now=NOW)

    page.post(at(secondment, "take_back", PROJECT))

    assert item_of(secondment, PROJECT).status == ItemStatus.HANDED_IN


def test_what_came_back_before_is_again_what_came_back(page, secondment, mentor):
    send_back(item=handed_in(secondment, CASE, "第一稿"), comment="改", by=mentor, now=NOW)
    hand_in(page, secondment, text="第二稿")

    page.post(at(secondment, "take_back"))

    item = item_of(secondment, CASE)
    assert (item.status, item.round) == (ItemStatus.SENT_BACK, 1)
    assert [piece.text for piece in Evidence.objects.all()] == ["第一稿"]


def test_only_the_secondee_takes_back(secondment, mentor, official):
    item = handed_in(secondment, CASE)
    for person in (mentor, official):
        stranger = Client()
        stranger.force_login(person)
        assert stranger.post(at(secondment, "take_back")).status_code == 404
    assert item_of(secondment, CASE).status == item.status


# --- Sweeping -------------------------------------------------------------------------------------


def test_a_draft_is_kept_for_90_days_and_then_swept_with_its_files(
    secondment, secondee, settings, django_capture_on_commit_callbacks
):
    item = item_of(secondment, CASE)
    keep_file(item=item, by=secondee, file=examine(upload(PNG)), now=NOW)
    keep(item=item, by=secondee, answers={"text": "案例"}, held_on=None, now=NOW)
    for path in settings.MEDIA_ROOT.rglob("*.*"):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))

    assert held_files.sweep(NOW + timedelta(days=90)) == 0
    assert (HeldFile.objects.count(), files_on_disk(settings)) == (1, ["held"])
    with django_capture_on_commit_callbacks(execute=True):
        assert held_files.sweep(NOW + timedelta(days=90, seconds=1)) == 1
    assert not EvidenceDraft.objects.exists() and files_on_disk(settings) == []


# --- The forms ------------------------------------------------------------------------------------


def test_each_item_has_a_form_of_its_own():
    names = {kind: [question.name for question in QUESTIONS[kind]] for kind in ItemKind.values}

    assert names == {
        ItemKind.TASK_LIST: ["tasks", "text"],
        ItemKind.MENTOR_PAIRING: ["met", "text"],
        ItemKind.PRACTICAL_PROJECT: ["title", "steps", "text"],
        ItemKind.GET_TOGETHER: ["people", "text"],
        ItemKind.WORK_CASE: ["title", "problem", "text", "result", "lessons"],
        ItemKind.PRACTICE_REPORT: ["done", "text", "home"],
        ItemKind.APPRAISAL: [],
    }


@pytest.mark.parametrize("kind", [kind for kind in ItemKind.values if kind != ItemKind.APPRAISAL])
def test_every_answer_stands_in_the_text(kind):
    answers = {}
    for question in QUESTIONS[kind]:
        for day, line in question.row_names():
            answers |= {day: f"3月{len(answers) + 1}日", line: f"做{len(answers)}"}
        if not question.rows:
            answers[question.name] = f"答{len(answers)}"

    text = as_text(kind, answers)

    assert all(value in text for value in answers.values())
    assert as_text(kind, {"text": "一句"}) == "一句" and as_text(kind, {}) == ""


def test_take_back_and_look_at_once_end_as_one_of_the_two(secondment, secondee, mentor):
    """The statement of the one finds what the other has written."""
    item = handed_in(secondment, CASE)
    stale = item_of(secondment, CASE)
    take_back(item=item, by=secondee, now=NOW)
    mark_looked(item=stale, by=mentor, now=NOW)

    assert item_of(secondment, CASE).looked_at is None
    assert Evidence.objects.filter(kind=EvidenceKind.TEXT).count() == 0
