import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from academy.models import Position, User, Village
from academy.network import load_network
from academy.spreadsheets.csv_files import TableError, read_csv
from practicums.invariants import breaches
from practicums.models import (
    Evidence,
    ItemKind,
    ItemStatus,
    Secondment,
    SecondmentBatch,
    SecondmentStatus,
    SevenItem,
    SignOff,
)
from practicums.roster import FIRST_MENTOR_PHONE, load_secondments
from practicums.seven_items.evidence_steps import add_evidence
from practicums.seven_items.steps import hand_in, sign
from tests.factories import NOW, LearnerGroupFactory, UserFactory
from trainees.models import Trainee
from trainees.people.light_accounts import join

pytestmark = pytest.mark.django_db

FILE = settings.BASE_DIR / "demo" / "secondments.csv"
TODAY = date(2027, 1, 18)


@pytest.fixture
def network():
    load_network(settings.BASE_DIR / "demo" / "network", today=date(2026, 1, 1))
    for name in ("条线委员", "居委主任", "村主任"):
        Position.objects.create(name=name)


@pytest.fixture
def loaded(network):
    return load_secondments(FILE, today=TODAY)


def changed_file(tmp_path, old: str, new: str):
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "名单.csv"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_the_24_rows_come_with_their_seven_items_in_their_states(loaded):
    assert Counter(Secondment.objects.values_list("status", flat=True)) == {
        SecondmentStatus.CLOSED: 7,
        SecondmentStatus.RUNNING: 17,
    }
    assert SevenItem.objects.count() == 24 * 7
    # the sum of items_done
    assert Counter(SevenItem.objects.values_list("status", flat=True))[ItemStatus.SIGNED] == 86
    assert SecondmentBatch.objects.count() == 3
    assert list(breaches()) == []


def test_one_row_in_full(loaded):
    row = Secondment.objects.get(code="FY-15")

    assert (
        row.trainee.name,
        row.trainee.user.phone,
        row.village.name,
        row.town.name,
        row.position.name,
        row.host_department.code,
        row.host_name,
        row.mentor.name,
        row.starts_on,
        row.ends_on,
        row.project_title,
        row.case_title,
        row.batch.name,
    ) == (
        "田君",
        "19900000214",
        "恒高家园第一居委会",
        "高境镇",
        "条线委员",
        "D19",
        "宝山区市场监督管理局",
        "赵美琴",
        date(2026, 9, 1),
        date(2027, 2, 26),
        "老旧电梯更新宣传包",
        "一部电梯的三本账",
        "2026年第二批",
    )
    assert [item.status for item in row.items_in_order] == ["signed"] * 4 + [
        "in_progress",
        "not_started",
        "not_started",
    ]


def test_two_hosts_are_no_departments_of_the_portal(loaded):
    assert list(Secondment.objects.filter(host_department=None).values_list("code", flat=True)) == [
        "FY-05",
        "FY-23",
    ]


def test_everybody_is_a_sample_person_who_cannot_log_in_yet(loaded):
    assert User.objects.filter(is_sample=True).count() == User.objects.count() == 48
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_mentors_get_numbers_from_a_free_block(loaded):
    assert Secondment.objects.get(code="FY-01").mentor.phone == str(FIRST_MENTOR_PHONE + 1)
    others = (settings.BASE_DIR / "demo" / "catalogue" / "experts.csv").read_text(
        encoding="utf-8"
    ) + FILE.read_text(encoding="utf-8")
    assert not [
        phone
        for phone in Secondment.objects.values_list("mentor__phone", flat=True)
        if phone in others
    ]


def test_nothing_lies_in_the_future_and_nobody_signed_in_anothers_name(loaded):
    latest = max(
        [
            *Evidence.objects.values_list("uploaded_at", flat=True),
            *SignOff.objects.values_list("at", flat=True),
        ]
    )

    assert latest.date() <= TODAY
    assert not SignOff.objects.exclude(user=None).exists()


def test_a_second_run_changes_nothing_also_on_a_later_day(loaded):
    before = list(SevenItem.objects.order_by("pk").values()), Evidence.objects.count()

    report = load_secondments(FILE, today=date(2027, 12, 1))

    assert report.changes == 0
    assert (list(SevenItem.objects.order_by("pk").values()), Evidence.objects.count()) == before


def test_a_changed_row_updates(loaded, tmp_path):
    report = load_secondments(
        changed_file(tmp_path, "老旧电梯更新宣传包", "老旧电梯更新问答包"), today=TODAY
    )

    assert (report.new, report.changed) == (0, 1)
    assert Secondment.objects.get(code="FY-15").project_title == "老旧电梯更新问答包"


def test_what_people_did_in_the_portal_stays(loaded, tmp_path):
    row = Secondment.objects.get(code="FY-15")
    item = hand_in(item=row.items.get(kind=ItemKind.WORK_CASE), by=row.trainee.user, now=NOW)
    sign(item=item, role="mentor", by=row.mentor, now=NOW)

    report = load_secondments(FILE, today=TODAY)

    assert report.changes == 0
    assert SevenItem.objects.get(pk=item.pk).status == ItemStatus.SIGNED


@pytest.fixture
def project_done(tmp_path):
    """The list a while later: the project of FY-19, which was not started, is done."""
    row = (
        "虎林居委会,张庙街道,条线委员,D25,宝山区残疾人联合会,李正勇,2027-03-01,2027-08-31,"
        "无障碍通道问题照片墙,轮椅上的三百米,进行中,已完成,"
    )
    return changed_file(tmp_path, f"{row}未开始", f"{row}已完成")


@pytest.mark.django_db(transaction=True)
def test_what_is_handed_in_while_the_list_is_loaded_stays(loaded, project_done):
    row = Secondment.objects.get(code="FY-19")
    item = row.items.get(kind=ItemKind.PRACTICAL_PROJECT)

    def load() -> int:
        try:
            return load_secondments(project_done, today=TODAY).changes
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            add_evidence(
                item=item, by=row.trainee.user, now=NOW, declared_open=True, text="拍了 30 张照片"
            )
            loading = pool.submit(load)
            # it comes as far as the lock of the secondment and waits there for this piece
            time.sleep(2)
        assert loading.result(timeout=60) == 0

    assert SevenItem.objects.get(pk=item.pk).status == ItemStatus.IN_PROGRESS
    assert [piece.text for piece in item.evidence.all()] == ["拍了 30 张照片"]


def test_an_item_that_began_in_the_list_begins_here(loaded, project_done):
    report = load_secondments(project_done, today=TODAY)

    assert report.changed == 1
    assert (
        Secondment.objects.get(code="FY-19").items.get(kind=ItemKind.PRACTICAL_PROJECT).status
        == ItemStatus.SIGNED
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("19900000214", "1990000021", "phone"),
        ("19900000214", "19900000213", "phone"),  # twice
        ("FY-15", "FY-14", "secondment_code"),
        ("FY-15", "", "secondment_code"),
        ("310113111030", "310113999999", "village_code"),
        ("恒高家园第一居委会", "恒高家园第二居委会", "village_name"),
        ("D19", "D99", "host_department_code"),
        ("2026-09-01,2027-02-26,老旧电梯", "2027-02-26,2026-09-01,老旧电梯", "end"),
        ("2026-09-01,2027-02-26,老旧电梯", "去年秋天,2027-02-26,老旧电梯", "start"),
        ("一部电梯的三本账,已完成", "一部电梯的三本账,办完了", "task_list"),
        ("田君,女", ",女", "cadre_name"),
        ("老旧电梯更新宣传包", "字" * 121, "project_title"),
        ("FY-15", "FY-X", "mentor"),  # no number to make a mentor's phone of
        ("FY-15", "FY/15", "secondment_code"),
    ],
)
def test_a_malformed_row_is_named_and_nothing_is_written(network, tmp_path, old, new, words):
    with pytest.raises(TableError) as refused:
        load_secondments(changed_file(tmp_path, old, new), today=TODAY)

    assert words in str(refused.value) and "名单.csv" in str(refused.value)
    assert (Secondment.objects.count(), User.objects.count()) == (0, 0)


def test_a_phone_of_another_person_is_refused_and_nothing_is_written(network):
    UserFactory(phone="19900000223", name="别人")

    with pytest.raises(TableError) as refused:
        load_secondments(FILE, today=TODAY)

    assert "19900000223" in str(refused.value)
    assert (Secondment.objects.count(), User.objects.count()) == (0, 1)


def test_somebody_with_a_light_account_gets_a_post_and_stays_the_same_person(network):
    row = next(iter(read_csv(FILE, ("phone", "cadre_name", "village_code", "home_post"))))
    elsewhere = Village.objects.exclude(code=row["village_code"]).first()
    volunteer = join(
        phone=row["phone"],
        name=row["cadre_name"],
        village=elsewhere,
        group=LearnerGroupFactory(),
        now=NOW,
    )

    load_secondments(FILE, today=TODAY)

    person = Trainee.objects.get(user__phone=row["phone"])
    assert (person.pk, person.village.code, person.position.name, person.learner_group) == (
        volunteer.pk,
        row["village_code"],
        row["home_post"],
        None,
    )
    assert list(person.light_accounts.values_list("end", flat=True)) == ["became_cadre"]
    assert person.postings.count() == 1


def test_real_people_get_no_invented_evidence(network, tmp_path):
    text = (
        FILE.read_text(encoding="utf-8")
        .replace("secondment_code,", "mentor_phone,secondment_code,")
        .splitlines()
    )
    path = tmp_path / "名单.csv"
    path.write_text(
        "\n".join([text[0], "13912345679," + text[1].replace("19900000200", "13912345678")]),
        encoding="utf-8",
    )

    load_secondments(path, today=TODAY)

    assert set(Evidence.objects.values_list("text", "uploaded_by")) == {
        ("按办公室名单转入：已完成", None)
    }
    assert not User.objects.filter(is_sample=True).exists()


def test_the_command_answers_in_json(network):
    out = StringIO()

    call_command("load_secondments", str(FILE), "--json", stdout=out)
    first = json.loads(out.getvalue())
    out.truncate(out.seek(0))
    call_command("load_secondments", str(FILE), "--json", stdout=out)

    assert first == {"new": 99, "changed": 0, "same": 0, "ended": 0}
    assert json.loads(out.getvalue()) == {"new": 0, "changed": 0, "same": 99, "ended": 0}


def test_the_command_says_what_is_wrong_with_a_file(tmp_path):
    with pytest.raises(CommandError) as refused:
        call_command("load_secondments", str(tmp_path / "nowhere.csv"))

    assert "nowhere.csv" in str(refused.value)
