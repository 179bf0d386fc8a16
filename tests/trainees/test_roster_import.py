"""Importing a roster: who is matched, what is written, what an undo puts back. Source:
docs/rules.md R10, R46.
"""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from academy.imports import runs
from academy.imports.errors import NothingToUndo, RowsRejected
from academy.models import (
    ImportStatus,
    PersonChange,
    PersonChangeKind,
    Role,
    RowOutcome,
    User,
    Village,
)
from notices.models import Notice
from trainees.booking.enrolling import book
from trainees.models import Enrolment, LightAccount, Posting, Trainee
from trainees.rosters.missing import missing_from
from trainees.rosters.welcome import tell_new_people

from ..conftest import grant
from ..factories import NOW, LightTraineeFactory, UserFactory, class_with
from .roster_tables import (
    HEADINGS,
    imported,
    make_places,
    only,
    outcomes,
    previewed,
    row,
    table,
)

NEW, CHANGED, SAME, REJECTED = (
    RowOutcome.NEW,
    RowOutcome.CHANGED,
    RowOutcome.SAME,
    RowOutcome.REJECTED,
)
OTHER = {"姓名": "樊雅珺", "手机号": "13800000101"}
TOUCHED = (
    *("academy.User", "academy.PersonChange"),
    *("trainees.Trainee", "trainees.Posting", "trainees.LightAccount"),
)


@pytest.fixture(autouse=True)
def places(db):
    return make_places()


def dump() -> dict[str, list[dict]]:
    """Every row of every table that a roster may touch."""
    return {label: list(apps.get_model(label).objects.order_by("pk").values()) for label in TOUCHED}


def postings() -> list[tuple]:
    return list(
        Posting.objects.order_by("pk").values_list(
            "village__name", "position__name", "is_extra", "valid_from", "valid_to"
        )
    )


def kinds() -> list[str]:
    return list(PersonChange.objects.order_by("pk").values_list("kind", flat=True))


def test_a_new_person_gets_an_account_a_profile_and_posts():
    imported(table([*row(岗位="书记兼主任"), "骨干"], headings=[*HEADINGS, "层级"]))

    person = Trainee.objects.get()
    assert (person.user.phone, person.name) == ("13800000100", "于少明")
    assert (person.village.name, person.post, person.stage.name) == (
        "富丽居委会",
        "居民区书记",
        "骨干",
    )
    assert (person.gender, person.born_in, person.left_on) == ("male", "1980-02", None)
    assert not person.user.has_usable_password()
    assert person.stroke_key
    since = date(2024, 6, 1)
    assert postings() == [
        ("富丽居委会", "居民区书记", False, since, None),
        ("富丽居委会", "居委主任", True, since, None),
    ]
    change = PersonChange.objects.get()
    assert (change.kind, change.person, change.at) == (PersonChangeKind.ADDED, person.user, NOW)
    assert not Notice.objects.exists()


def test_the_same_file_again_changes_nothing():
    content = table(row(岗位="书记、主任"), row(**OTHER, 任职时间=None))
    imported(content)
    before = dump()

    assert outcomes(previewed(content)) == [SAME, SAME]
    assert dump() == before


def test_whoever_stands_in_another_unit_moves():
    imported(table(row()))
    run = previewed(table(row(居村="虎林居委会", 任职时间="2026-09")))

    found = run.rows.get()
    assert found.outcome == CHANGED
    assert "从罗店镇 富丽居委会调来" in found.remarks[-1]
    runs.confirm(run=run, now=NOW)

    assert postings() == [
        ("富丽居委会", "社区工作者", False, date(2024, 6, 1), date(2026, 8, 31)),
        ("虎林居委会", "社区工作者", False, date(2026, 9, 1), None),
    ]
    assert kinds() == ["added", "moved"]


def test_a_booking_keeps_the_unit_of_its_day():
    imported(table(row()))
    person = Trainee.objects.get()
    book(trainee=person, training_class=class_with(seats=2), by=person.user, now=NOW)

    imported(table(row(居村="虎林居委会")))

    assert Enrolment.objects.get().village.name == "富丽居委会"
    assert Trainee.objects.get().village.name == "虎林居委会"


def test_a_post_or_a_fact_that_changed_is_written_and_told():
    imported(table(row(岗位="书记兼主任")))

    imported(table(row(岗位="书记", 出生年月="1981-02", 任职时间="2024-07")))
    imported(table(row(岗位="主任", 出生年月=None, 任职时间="2026-01")))

    assert postings() == [
        ("富丽居委会", "居民区书记", False, date(2024, 7, 1), date(2025, 12, 31)),
        ("富丽居委会", "居委主任", True, date(2024, 6, 1), date(2027, 2, 28)),
        ("富丽居委会", "居委主任", False, date(2026, 1, 1), None),
    ]
    assert Trainee.objects.get().born_in == "1981-02"
    assert sorted(kinds()) == ["added", "corrected", "posting", "posting"]


def test_who_had_a_light_account_or_left_holds_a_post_again():
    light = LightTraineeFactory(
        user=UserFactory(phone="13800000100", name="于少明"),
        village=Village.objects.get(name="虎林居委会"),
    )
    imported(table(row(**OTHER)))
    Posting.objects.update(valid_to=date(2026, 1, 1))
    Trainee.objects.filter(position__isnull=False).update(left_on=date(2026, 1, 1))

    run = imported(table(row(), row(**OTHER, 任职时间="2027-01")))

    assert outcomes(run) == [CHANGED, CHANGED]
    light.refresh_from_db()
    assert (light.learner_group, light.post) == (None, "社区工作者")
    assert LightAccount.objects.get().end == "became_cadre"
    assert not Trainee.objects.exclude(left_on=None).exists()
    assert Posting.objects.filter(valid_to=None).count() == 2


def test_somebody_with_an_account_gets_a_profile_beside_it():
    user = UserFactory(phone="13800000100", name="于少明")
    password = user.password

    run = imported(table(row()))
    runs.undo(run=run, by=None, now=NOW)

    user.refresh_from_db()
    assert (user.password, Trainee.objects.exists()) == (password, False)


def test_the_number_of_somebody_else_is_rejected():
    imported(table(row()))

    found = only(table(row(姓名="樊雅珺")))

    assert (found.outcome, found.reasons) == (
        REJECTED,
        ["这个号码在系统里是于少明的，请核对号码和姓名。"],
    )


def test_two_who_have_each_others_number_are_rejected():
    imported(table(row(), row(**OTHER)))

    run = previewed(table(row(手机号="13800000101"), row(姓名="樊雅珺")))

    assert outcomes(run) == [REJECTED, REJECTED]
    assert all("号码对调了" in item.reasons[0] for item in run.rows.all())


def test_a_namesake_in_the_unit_is_a_second_person_and_a_remark():
    imported(table(row()))

    found = only(table(row(手机号="13800000109")))

    assert found.outcome == NEW
    assert "号码是 138****0100" in found.remarks[-1]


def test_namesakes_within_a_file_are_kept_and_told():
    first, second = previewed(table(row(), row(手机号="13800000109"))).rows.all()

    assert (first.outcome, second.outcome, first.remarks) == (NEW, NEW, [])
    assert "第 3 行同名同单位" in second.remarks[-1]


def test_a_rejected_row_does_not_reserve_its_number():
    run = previewed(table(row(岗位="保洁员"), row(), row(姓名="樊雅珺")))

    assert outcomes(run) == [REJECTED, NEW, REJECTED]
    assert "第 4 行于少明相同" in run.rows.last().reasons[0]


def test_good_rows_are_written_without_the_rejected_ones():
    run = imported(table(row(), row(**OTHER, 岗位="保洁员")))

    assert (run.status, User.objects.count()) == (ImportStatus.IMPORTED, 1)
    with pytest.raises(RowsRejected):
        imported(table(row(岗位="保洁员")))


def test_a_merged_unit_counts_for_all_its_rows():
    content = table(row(), row(**OTHER, 居村=None), merged=["C3:C4"])

    run = previewed(content)

    assert outcomes(run) == [NEW, NEW]
    assert "合并单元格" in run.rows.last().remarks[0]


# --- Whose people ---------------------------------------------------------------------------------


def test_a_town_writes_its_own_people_only(places, grant_town):
    luodian, _zhangmiao = places
    content = table(
        row(), row(**OTHER, 居村="虎林居委会"), row(姓名="王芳", 手机号="13800000102", 居村="新桥")
    )

    run = previewed(content, by=grant_town(luodian))

    assert outcomes(run) == [NEW, REJECTED, NEW]
    assert "属于张庙街道" in run.rows.all()[1].reasons[0]
    assert outcomes(previewed(content, town=luodian.code)) == [NEW, REJECTED, NEW]


def test_a_town_does_not_read_whose_number_it_is_elsewhere(places, grant_town):
    imported(table(row(居村="虎林居委会")))

    run = previewed(table(row(姓名="樊雅珺")), by=grant_town(places[0]))

    assert run.rows.get().reasons == ["这个号码在系统里是别人的，请核对号码和姓名。"]


@pytest.fixture
def grant_town():
    return lambda town: grant(Role.TOWN_STAFF, town=town)


# --- Who is missing -------------------------------------------------------------------------------


def test_who_stands_in_a_unit_of_the_file_and_not_in_it_is_named_and_left():
    imported(
        table(
            row(),
            row(**OTHER),
            row(姓名="王芳", 手机号="13800000102"),
            row(姓名="林书华", 手机号="13800000103", 居村="虎林居委会"),
            row(姓名="江秀妹", 手机号="13800000104"),
        )
    )

    run = previewed(
        table(row(), row(姓名="王芳", 手机号=None), row(姓名="某某", 手机号="13800000104"))
    )

    assert [person.name for person in missing_from(run, None)] == ["樊雅珺"]
    assert Posting.objects.filter(valid_to=None).count() == 5


# --- Telling --------------------------------------------------------------------------------------


def test_new_people_are_told_once_and_only_they(django_capture_on_commit_callbacks):
    imported(table(row()))
    run = imported(table(row(), row(**OTHER)))

    with django_capture_on_commit_callbacks():
        told = [tell_new_people(run=run, now=NOW) for _twice in range(2)]

    assert told == [1, 0]
    assert Notice.objects.get().person.name == "樊雅珺"


# --- Undo -----------------------------------------------------------------------------------------


def test_undo_puts_every_table_back():
    LightTraineeFactory(user=UserFactory(phone="13800000102", name="王芳"))
    imported(table(row(岗位="书记兼主任")))
    before = dump()
    run = imported(
        table(
            row(居村="虎林居委会", 岗位="书记", 性别="女"),
            row(**OTHER),
            row(姓名="王芳", 手机号="13800000102"),
        )
    )
    assert dump() != before

    run = runs.undo(run=run, by=None, now=NOW)

    assert (dump(), run.left_alone) == (before, 0)


def test_undo_leaves_who_has_booked_or_was_changed_and_says_so():
    run = imported(table(row(), row(**OTHER), row(姓名="王芳", 手机号="13800000102")))
    booked, changed, _untouched = Trainee.objects.order_by("user__phone")
    book(trainee=booked, training_class=class_with(seats=2), by=booked.user, now=NOW)
    Trainee.objects.filter(pk=changed.pk).update(born_in="1979-01")

    run = runs.undo(run=run, by=None, now=NOW + timedelta(days=1))

    assert [person.name for person in Trainee.objects.order_by("pk")] == ["于少明", "樊雅珺"]
    assert (run.status, run.left_alone) == (ImportStatus.UNDONE, 2)
    assert [(item["row"], item["reason"]) for item in run.warnings[-2:]] == [
        (3, "于少明没有撤回：已有报名等记录。"),
        (4, "樊雅珺没有撤回：导入后有改动或登录过。"),
    ]
    assert [len(item.remarks) for item in run.rows.all()] == [1, 1, 0]


def test_undo_is_refused_when_nothing_can_go_back():
    run = imported(table(row()))
    imported(table(row(性别="女")))

    with pytest.raises(NothingToUndo):
        runs.undo(run=run, by=None, now=NOW)


# --- Command --------------------------------------------------------------------------------------


def test_the_command_refuses_an_unknown_town_and_a_file_without_people(tmp_path):
    good, bad = tmp_path / "roster.xlsx", tmp_path / "bad.xlsx"
    good.write_bytes(table(row()))
    bad.write_bytes(table(row(岗位="保洁员")))

    for arguments in ([good, "--town", "1"], [bad, "--commit"], [tmp_path / "none.xlsx"]):
        with pytest.raises(CommandError) as refused:
            call_command("import_roster", *arguments, "--json")
        assert refused.value.returncode == 1
    assert not User.objects.exists()
