import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import translation

from academy.errors import PortalError
from academy.uploads.kinds import examine
from notices.models import Notice
from practicums import errors
from practicums.models import (
    Evidence,
    ItemKind,
    ItemStatus,
    Secondment,
    SecondmentStatus,
    SignOff,
    SignOffRole,
)
from practicums.seven_items.appraisal import issued_text, write_appraisal
from practicums.seven_items.closing import close, withdraw
from practicums.seven_items.evidence_steps import add_evidence
from practicums.seven_items.signers import SIGNERS, due_date, missing_items, whose_turn
from practicums.seven_items.steps import change_due, hand_in, send_back, sign
from tests.factories import NOW, RoleGrantFactory, UserFactory

from .factories import (
    PDF,
    SecondmentFactory,
    all_signed,
    handed_in,
    host_official_of,
    item_of,
    signed,
    upload,
    with_evidence,
)

pytestmark = pytest.mark.django_db

CASE, TASKS, TOGETHER, APPRAISAL = (
    ItemKind.WORK_CASE,
    ItemKind.TASK_LIST,
    ItemKind.GET_TOGETHER,
    ItemKind.APPRAISAL,
)
TODAY = NOW.date()


def again(item):
    return type(item).objects.get(pk=item.pk)


def told() -> list[tuple]:
    return list(Notice.objects.order_by("pk").values_list("person", "kind"))


# --- When -----------------------------------------------------------------------------------------


def test_due_dates_follow_the_table():
    start, end = date(2026, 9, 1), date(2027, 2, 26)

    assert {kind: due_date(kind, start, end) for kind in ItemKind.values} == {
        TASKS: date(2026, 9, 15),
        ItemKind.MENTOR_PAIRING: date(2026, 9, 8),
        ItemKind.PRACTICAL_PROJECT: date(2027, 1, 27),
        TOGETHER: date(2026, 11, 29),
        CASE: date(2027, 2, 5),
        ItemKind.PRACTICE_REPORT: date(2027, 2, 12),
        APPRAISAL: date(2027, 2, 26),
    }


def test_due_dates_stay_within_a_short_term():
    start, end = date(2027, 3, 1), date(2027, 3, 8)

    assert all(start <= due_date(kind, start, end) <= end for kind in ItemKind.values)


def test_the_office_moves_a_due_date_within_the_term(secondment, clerk, mentor):
    item = item_of(secondment, CASE)

    change_due(item=item, due_on=date(2027, 5, 1), by=clerk, now=NOW)

    assert again(item).due_on == date(2027, 5, 1)
    for day in (secondment.starts_on - timedelta(days=1), secondment.ends_on + timedelta(days=93)):
        with pytest.raises(errors.WrongDay):
            change_due(item=item, due_on=day, by=clerk, now=NOW)
    with pytest.raises(errors.NotNamed):
        change_due(item=item, due_on=date(2027, 5, 2), by=mentor, now=NOW)


# --- Evidence -------------------------------------------------------------------------------------


def test_a_text_begins_the_item(secondment, secondee):
    item = item_of(secondment, CASE)

    (piece,) = add_evidence(
        item=item, by=secondee, now=NOW, declared_open=True, text="  一部电梯\r\n三本账 "
    )

    assert (piece.text, piece.sha256, piece.size) == (
        "一部电梯\n三本账",
        hashlib.sha256("一部电梯\n三本账".encode()).hexdigest(),
        22,
    )
    assert again(item).status == ItemStatus.IN_PROGRESS


def test_a_file_is_kept_under_a_generated_name_outside_static(secondment, secondee, settings):
    (piece,) = add_evidence(
        item=item_of(secondment, CASE),
        by=secondee,
        now=NOW,
        declared_open=True,
        file=examine(upload(PDF, "案例.pdf")),
    )

    assert (piece.original_name, piece.content_type, piece.size, piece.sha256) == (
        "案例.pdf",
        "application/pdf",
        len(PDF),
        hashlib.sha256(PDF).hexdigest(),
    )
    assert "案例" not in piece.file.name
    assert piece.file.path.startswith(str(settings.MEDIA_ROOT)) and not piece.file.path.startswith(
        str(settings.STATIC_ROOT)
    )
    with piece.file.open("rb") as kept:
        assert kept.read() == PDF


def test_text_and_file_together_are_two_pieces(secondment, secondee):
    add_evidence(
        item=item_of(secondment, CASE),
        by=secondee,
        now=NOW,
        declared_open=True,
        text="案例",
        file=examine(upload()),
    )

    assert list(Evidence.objects.values_list("kind", flat=True)) == ["text", "file"]


def test_the_same_again_adds_nothing(secondment, secondee):
    for _click in range(2):
        add_evidence(
            item=item_of(secondment, CASE),
            by=secondee,
            now=NOW,
            declared_open=True,
            text="案例",
            file=examine(upload()),
        )

    assert Evidence.objects.count() == 2
    assert len(default_storage.listdir("evidence")[1]) == 1


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"text": " \n "}, errors.EvidenceMissing),
        ({"text": "案例", "declared_open": False}, errors.NotDeclared),
        ({"text": "字" * 20_001}, errors.TextTooLong),
    ],
)
def test_evidence_that_is_empty_undeclared_or_too_long_is_refused(
    secondment, secondee, fields, error
):
    with pytest.raises(error):
        add_evidence(
            **{
                "item": item_of(secondment, CASE),
                "by": secondee,
                "now": NOW,
                "declared_open": True,
                **fields,
            }
        )

    assert not Evidence.objects.exists()


def test_a_refused_file_leaves_nothing_on_disk(secondment, mentor):
    with pytest.raises(errors.NotNamed):
        add_evidence(
            item=item_of(secondment, CASE),
            by=mentor,
            now=NOW,
            declared_open=True,
            file=examine(upload()),
        )

    assert not default_storage.exists("evidence") or default_storage.listdir("evidence")[1] == []


def test_evidence_comes_from_the_secondee(secondment, mentor, official, clerk, foreign):
    for stranger in (mentor, official, clerk, foreign.trainee.user):
        with pytest.raises(errors.NotNamed):
            add_evidence(
                item=item_of(secondment, CASE),
                by=stranger,
                now=NOW,
                declared_open=True,
                text="案例",
            )


def test_nothing_is_added_while_it_is_looked_at_or_after_it_was_signed(
    secondment, secondee, mentor
):
    item = handed_in(secondment, CASE)
    with pytest.raises(errors.WithTheSigners):
        add_evidence(item=item, by=secondee, now=NOW, declared_open=True, text="还有")
    sign(item=item, role="mentor", by=mentor, now=NOW)
    with pytest.raises(errors.AlreadySigned):
        add_evidence(item=item, by=secondee, now=NOW, declared_open=True, text="还有")


def test_get_togethers_are_recorded_again_and_again_with_their_day(secondment, secondee, clerk):
    item = signed(secondment, TOGETHER)

    add_evidence(
        item=item, by=secondee, now=NOW, declared_open=True, text="又见面了", held_on=TODAY
    )
    add_evidence(item=item, by=clerk, now=NOW, declared_open=True, text="学院办的", held_on=TODAY)

    assert (again(item).status, item.evidence.count()) == (ItemStatus.SIGNED, 3)


def test_a_get_together_that_is_sent_twice_is_recorded_once(secondment, secondee):
    for _click in range(2):
        item = item_of(secondment, TOGETHER)
        add_evidence(
            item=item,
            by=secondee,
            now=NOW,
            declared_open=True,
            text="见面了",
            file=examine(upload()),
            held_on=TODAY,
        )
        hand_in(item=item, by=secondee, now=NOW)
    add_evidence(
        item=item, by=secondee, now=NOW, declared_open=True, text="晚上又见了一次", held_on=TODAY
    )
    add_evidence(
        item=item,
        by=secondee,
        now=NOW,
        declared_open=True,
        text="见面了",
        held_on=TODAY - timedelta(days=7),
    )

    recorded = list(item.evidence.values_list("round", "kind", "text", "held_on"))
    assert recorded == [
        (1, "text", "见面了", TODAY),
        (1, "file", "", TODAY),
        (2, "text", "晚上又见了一次", TODAY),
        (2, "text", "见面了", TODAY - timedelta(days=7)),
    ]
    assert len(default_storage.listdir("evidence")[1]) == 1


@pytest.mark.parametrize("held_on", [None, TODAY + timedelta(days=1), date(2026, 12, 31)])
def test_a_get_together_has_a_day_that_is_past_and_within_the_term(secondment, secondee, held_on):
    with pytest.raises(errors.WrongDay):
        add_evidence(
            item=item_of(secondment, TOGETHER),
            by=secondee,
            now=NOW,
            declared_open=True,
            text="见面",
            held_on=held_on,
        )


# --- Handing in and signing -----------------------------------------------------------------------


def test_every_item_has_signers_and_the_appraisal_is_the_hosts():
    assert SIGNERS.keys() == set(ItemKind.values)
    assert all(SIGNERS.values())
    assert SIGNERS[APPRAISAL] == (SignOffRole.HOST,)


def test_handing_in_tells_who_signs_first(secondment, mentor, official):
    item = handed_in(secondment, TASKS)

    assert (item.status, item.round, whose_turn(item)) == (
        ItemStatus.HANDED_IN,
        1,
        SignOffRole.MENTOR,
    )
    assert told() == [(mentor.pk, "secondment_handed_in")]


def test_handing_in_twice_changes_nothing(secondment, secondee):
    item = handed_in(secondment, CASE)

    assert hand_in(item=item, by=secondee, now=NOW + timedelta(hours=1)).handed_in_at == NOW
    assert again(item).round == 1 and Notice.objects.count() == 1


def test_nothing_is_handed_in_without_evidence(secondment, secondee):
    with pytest.raises(errors.EvidenceMissing):
        hand_in(item=item_of(secondment, CASE), by=secondee, now=NOW)


def test_only_the_secondee_hands_in(secondment, mentor, official):
    item = with_evidence(secondment, CASE)
    for stranger in (mentor, official):
        with pytest.raises(errors.NotNamed):
            hand_in(item=item, by=stranger, now=NOW)


@pytest.mark.parametrize("kind", [kind for kind in ItemKind.values if kind != ItemKind.APPRAISAL])
def test_an_item_is_done_with_the_last_of_its_signatures(secondment, secondee, kind):
    item = signed(secondment, kind)

    assert (item.status, [row.role for row in item.sign_offs.order_by("pk")]) == (
        ItemStatus.SIGNED,
        list(SIGNERS[kind]),
    )
    assert told()[-1] == (secondee.pk, "secondment_signed")


def test_the_host_signs_after_the_mentor(secondment, mentor, official):
    item = handed_in(secondment, TASKS)
    with pytest.raises(errors.NotYourTurn):
        sign(item=item, role="host", by=official, now=NOW)

    item = sign(item=item, role="mentor", by=mentor, now=NOW)

    assert (item.status, whose_turn(item)) == (ItemStatus.HANDED_IN, SignOffRole.HOST)
    assert told()[-1] == (official.pk, "secondment_handed_in")


def test_signing_twice_changes_nothing(secondment, mentor):
    item = handed_in(secondment, TASKS)
    for _click in range(2):
        item = sign(item=item, role="mentor", by=mentor, now=NOW)

    assert (SignOff.objects.count(), item.status) == (1, ItemStatus.HANDED_IN)


def test_a_second_click_does_not_sign_for_the_next_role(secondment, mentor):
    RoleGrantFactory(user=mentor, role="department_staff", department=secondment.host_department)
    item = handed_in(secondment, TASKS)
    for _click in range(2):
        item = sign(item=item, role="mentor", by=mentor, now=NOW)

    assert whose_turn(item) == SignOffRole.HOST


def test_two_officials_do_not_sign_for_the_same_role(secondment, mentor, official):
    item = sign(item=handed_in(secondment, TASKS), role="mentor", by=mentor, now=NOW)
    sign(item=item, role="host", by=official, now=NOW)

    with pytest.raises(errors.AlreadySigned):
        sign(item=item, role="host", by=host_official_of(secondment), now=NOW)


def test_only_those_named_sign(secondment, secondee, official, clerk, foreign):
    item = handed_in(secondment, CASE)
    for stranger in (
        secondee,
        official,
        clerk,
        foreign.mentor,
        host_official_of(foreign),
        UserFactory(),
    ):
        with pytest.raises(errors.NotNamed):
            sign(item=item, role="mentor", by=stranger, now=NOW)
    assert not SignOff.objects.exists()


def test_a_secondee_with_grants_signs_nothing_of_their_own(secondment, secondee):
    RoleGrantFactory(user=secondee, role="district_staff")
    RoleGrantFactory(user=secondee, role="department_staff", department=secondment.host_department)
    item = handed_in(secondment, TOGETHER)

    with pytest.raises(errors.NotNamed):
        sign(item=item, role="academy", by=secondee, now=NOW)
    with pytest.raises(errors.NotNamed):
        write_appraisal(secondment=secondment, text="很好", by=secondee, now=NOW, issue=True)


def test_the_office_signs_for_a_host_outside_the_portal(clerk):
    secondment = SecondmentFactory(host_department=None)

    assert signed(secondment, TASKS).is_signed


def test_what_is_not_handed_in_is_not_signed(secondment, mentor):
    with pytest.raises(errors.NotHandedIn):
        sign(item=with_evidence(secondment, CASE), role="mentor", by=mentor, now=NOW)


def test_nobody_signs_a_version_they_have_not_seen(secondment, secondee, mentor):
    item = handed_in(secondment, CASE)
    send_back(item=item, comment="补日期", by=mentor, now=NOW)
    handed_in(secondment, CASE, "补了日期")

    for decide in (
        lambda: sign(item=item, role="mentor", by=mentor, now=NOW, seen_round=1),
        lambda: send_back(item=item, comment="再补", by=mentor, now=NOW, seen_round=1),
    ):
        with pytest.raises(errors.HandedInAgain):
            decide()
    assert sign(item=item, role="mentor", by=mentor, now=NOW, seen_round=2).is_signed


# --- Sending back ---------------------------------------------------------------------------------


def test_sent_back_mended_and_signed(secondment, secondee, mentor):
    item = send_back(item=handed_in(secondment, CASE), comment="请补上日期", by=mentor, now=NOW)
    assert (item.status, told()[-1]) == (
        ItemStatus.SENT_BACK,
        (secondee.pk, "secondment_sent_back"),
    )
    with pytest.raises(errors.EvidenceMissing):
        hand_in(item=item, by=secondee, now=NOW)

    item = handed_in(secondment, CASE, "补了日期")

    assert (item.status, item.round) == (ItemStatus.HANDED_IN, 2)
    assert sign(item=item, role="mentor", by=mentor, now=NOW).is_signed


def test_sending_back_wants_a_comment(secondment, mentor):
    item = handed_in(secondment, CASE)
    for comment in ("", "  \n"):
        with pytest.raises(errors.CommentMissing):
            send_back(item=item, comment=comment, by=mentor, now=NOW)
    with pytest.raises(errors.TextTooLong):
        send_back(item=item_of(secondment, CASE), comment="字" * 501, by=mentor, now=NOW)


def test_sending_back_twice_changes_nothing(secondment, mentor):
    item = handed_in(secondment, CASE)
    for _click in range(2):
        item = send_back(item=item, comment="请补上日期", by=mentor, now=NOW)

    assert (
        SignOff.objects.count(),
        Notice.objects.filter(kind="secondment_sent_back").count(),
    ) == (1, 1)


def test_signatures_of_an_earlier_version_do_not_count(secondment, mentor, official):
    item = sign(item=handed_in(secondment, TASKS), role="mentor", by=mentor, now=NOW)
    send_back(item=item, comment="第 3 项写上日期", by=official, now=NOW)

    item = handed_in(secondment, TASKS, "写上了")

    assert whose_turn(item) == SignOffRole.MENTOR


def test_only_the_office_sends_back_what_is_signed(secondment, mentor, official, clerk):
    item = signed(secondment, CASE)
    with pytest.raises(errors.AlreadySigned):
        send_back(item=item, comment="再看看", by=mentor, now=NOW)
    with pytest.raises(errors.NotNamed):
        send_back(item=item, comment="再看看", by=official, now=NOW)

    assert (
        send_back(item=item, comment="案例要隐去姓名", by=clerk, now=NOW).status
        == ItemStatus.SENT_BACK
    )


def test_what_is_not_handed_in_is_not_sent_back(secondment, mentor):
    with pytest.raises(errors.NotHandedIn):
        send_back(item=with_evidence(secondment, CASE), comment="再看看", by=mentor, now=NOW)


# --- The appraisal --------------------------------------------------------------------------------


def test_the_appraisal_is_drafted_then_issued_by_the_host(secondment, secondee, official):
    item = write_appraisal(secondment=secondment, text="草稿", by=official, now=NOW)
    assert (item.status, issued_text(item), told()) == (ItemStatus.IN_PROGRESS, None, [])

    item = write_appraisal(secondment=secondment, text="表现良好", by=official, now=NOW, issue=True)

    assert (item.status, issued_text(item).text, told()) == (
        ItemStatus.SIGNED,
        "表现良好",
        [(secondee.pk, "secondment_signed")],
    )


def test_a_draft_may_return_to_an_earlier_wording(secondment, official):
    for text in ("甲", "乙", "甲", "甲"):
        write_appraisal(secondment=secondment, text=text, by=official, now=NOW)

    assert [piece.text for piece in Evidence.objects.all()] == ["甲", "乙", "甲"]


def test_issuing_twice_changes_nothing(secondment, official):
    for _click in range(2):
        write_appraisal(secondment=secondment, text="表现良好", by=official, now=NOW, issue=True)

    assert (Evidence.objects.count(), SignOff.objects.count(), Notice.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_issue_the_appraisal_once():
    secondment = SecondmentFactory()
    official, both = host_official_of(secondment), Barrier(2)

    def tap(_number) -> str:
        both.wait()
        try:
            return write_appraisal(
                secondment=secondment, text="表现良好", by=official, now=NOW, issue=True
            ).status
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as taps:
        assert list(taps.map(tap, range(2))) == [ItemStatus.SIGNED] * 2
    assert (Evidence.objects.count(), SignOff.objects.count()) == (1, 1)


def test_nobody_but_the_host_writes_the_appraisal(secondment, secondee, mentor, clerk, foreign):
    for stranger in (secondee, mentor, clerk, foreign.mentor):
        with pytest.raises(errors.NotNamed):
            write_appraisal(secondment=secondment, text="很好", by=stranger, now=NOW, issue=True)
        with pytest.raises(errors.NotNamed):
            add_evidence(
                item=item_of(secondment, APPRAISAL),
                by=stranger,
                now=NOW,
                declared_open=True,
                text="很好",
            )
        with pytest.raises(errors.NotNamed):
            hand_in(item=item_of(secondment, APPRAISAL), by=stranger, now=NOW)
    assert not Evidence.objects.exists()


def test_an_issued_appraisal_changes_only_when_the_office_sends_it_back(
    secondment, official, clerk
):
    item = signed(secondment, APPRAISAL)
    with pytest.raises(errors.AlreadySigned):
        write_appraisal(secondment=secondment, text="改一改", by=official, now=NOW)
    send_back(item=item, comment="请写明时间", by=clerk, now=NOW)
    assert Notice.objects.filter(person=official, kind="secondment_sent_back").exists()

    item = write_appraisal(secondment=secondment, text="写明了", by=official, now=NOW, issue=True)

    assert (item.round, issued_text(item).text) == (2, "写明了")


def test_an_empty_appraisal_is_refused(secondment, official):
    with pytest.raises(errors.EvidenceMissing):
        write_appraisal(secondment=secondment, text=" ", by=official, now=NOW, issue=True)


# --- Closing --------------------------------------------------------------------------------------


def test_closing_is_refused_with_the_list_of_what_is_missing(secondment, clerk, mentor):
    for kind in (TASKS, ItemKind.MENTOR_PAIRING, ItemKind.PRACTICAL_PROJECT, TOGETHER):
        signed(secondment, kind)
    send_back(item=handed_in(secondment, CASE), comment="改", by=mentor, now=NOW)
    handed_in(secondment, ItemKind.PRACTICE_REPORT)

    with pytest.raises(errors.StillMissing) as refused:
        close(secondment=secondment, by=clerk, now=NOW)

    assert [item.kind for item in refused.value.missing] == [
        CASE,
        ItemKind.PRACTICE_REPORT,
        APPRAISAL,
    ]
    assert (
        str(refused.value)
        == "还不能结业。还差：工作案例（退回后还没再交）、锻炼报告（等带教老师看）、"
        "表现鉴定（接收部门还没出）。"
    )
    assert Secondment.objects.get().is_running


def test_closing_with_all_seven_signed(clerk):
    secondment = all_signed()
    assert missing_items(secondment) == []

    for _click in range(2):
        closed = close(secondment=secondment, by=clerk, now=NOW)

    assert (closed.status, closed.ended_at, closed.ended_by) == (
        SecondmentStatus.CLOSED,
        NOW,
        clerk,
    )
    # the secondee and the mentor, once each
    assert Notice.objects.filter(kind="secondment_closed").count() == 2


def test_only_the_office_closes(mentor, official):
    secondment = all_signed()
    for stranger in (
        secondment.mentor,
        host_official_of(secondment),
        secondment.trainee.user,
        mentor,
    ):
        with pytest.raises(errors.NotNamed):
            close(secondment=secondment, by=stranger, now=NOW)


def test_a_missing_row_counts_as_missing(secondment):
    secondment.items.filter(kind=CASE).delete()

    assert CASE in [item.kind for item in missing_items(secondment)]


def test_a_status_without_its_signatures_is_not_done(secondment):
    secondment.items.update(status=ItemStatus.SIGNED)

    assert len(missing_items(secondment)) == 7


def test_a_closed_file_stays_as_it_is(clerk):
    secondment = all_signed()
    close(secondment=secondment, by=clerk, now=NOW)
    item, official = item_of(secondment, CASE), host_official_of(secondment)

    for step in (
        lambda: add_evidence(
            item=item_of(secondment, TOGETHER),
            by=secondment.trainee.user,
            now=NOW,
            declared_open=True,
            text="又见面",
            held_on=TODAY,
        ),
        lambda: hand_in(item=item, by=secondment.trainee.user, now=NOW),
        lambda: sign(item=item, role="mentor", by=secondment.mentor, now=NOW),
        lambda: send_back(item=item, comment="改", by=clerk, now=NOW),
        lambda: write_appraisal(secondment=secondment, text="改", by=official, now=NOW),
        lambda: change_due(item=item, due_on=secondment.ends_on, by=clerk, now=NOW),
        lambda: withdraw(secondment=secondment, reason="调动", by=clerk, now=NOW),
    ):
        with pytest.raises(errors.SecondmentEnded):
            step()


def test_withdrawing_wants_a_reason_and_keeps_the_evidence(secondment, secondee, clerk, mentor):
    with_evidence(secondment, CASE)
    with pytest.raises(errors.CommentMissing):
        withdraw(secondment=secondment, reason=" ", by=clerk, now=NOW)
    with pytest.raises(errors.NotNamed):
        withdraw(secondment=secondment, reason="调动", by=mentor, now=NOW)

    for _click in range(2):
        ended = withdraw(secondment=secondment, reason="工作调动", by=clerk, now=NOW)

    assert (ended.status, ended.end_reason, Evidence.objects.count()) == (
        SecondmentStatus.WITHDRAWN,
        "工作调动",
        1,
    )
    with pytest.raises(errors.SecondmentEnded):
        close(secondment=secondment, by=clerk, now=NOW)


def test_notices_are_in_the_language_of_the_portal_and_not_of_who_acts(
    secondment, secondee, mentor, official, clerk
):
    name, ended = secondment.trainee.name, SecondmentFactory(code="FY-900")

    with translation.override("en"):
        item = handed_in(secondment, CASE)
        send_back(item=item, comment="写清楚", by=mentor, now=NOW)
        sign(item=handed_in(secondment, CASE, "改过了"), role="mentor", by=mentor, now=NOW)
        write_appraisal(secondment=secondment, text="表现良好", by=official, now=NOW, issue=True)
        send_back(item=item_of(secondment, APPRAISAL), comment="再写", by=clerk, now=NOW)
        withdraw(secondment=ended, reason="调动", by=clerk, now=NOW)
        close(secondment=all_signed(code="FY-901"), by=clerk, now=NOW)

    assert list(
        Notice.objects.filter(person__in=[secondee, mentor, official])
        .order_by("pk")
        .values_list("title", "body")
    ) == [
        (f"{name}交了“形成一篇工作案例”，请看一看、签字", ""),
        ("“形成一篇工作案例”退回来了，请看意见", "写清楚"),
        (f"{name}交了“形成一篇工作案例”，请看一看、签字", ""),
        ("“形成一篇工作案例”签好了", ""),
        ("您的挂职表现鉴定写好了", ""),
        ("“形成一份挂职表现鉴定”退回来了，请看意见", "再写"),
    ]
    assert set(
        Notice.objects.filter(kind__in=["secondment_withdrawn", "secondment_closed"]).values_list(
            "title", "body"
        )
    ) == {
        ("挂职提前结束", "调动"),
        ("挂职结业：七个一都办好了", ""),
    }


def test_every_refusal_is_a_sentence_for_the_person():
    found = [
        thing
        for thing in vars(errors).values()
        if isinstance(thing, type)
        and issubclass(thing, Exception)
        and thing.__module__ == errors.__name__
    ]

    assert len(found) > 10 and all(issubclass(error, PortalError) for error in found)
