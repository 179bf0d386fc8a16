from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from practicums.models import (
    Evidence,
    ItemKind,
    ItemStatus,
    Secondment,
    SecondmentStatus,
    SevenItem,
    SignOff,
)
from tests.factories import NOW, RoleGrantFactory, UserFactory

from .factories import (
    END,
    START,
    SecondmentBatchFactory,
    SecondmentFactory,
    handed_in,
    host_official_of,
    item_of,
    office_clerk,
    signed,
    with_evidence,
)

pytestmark = pytest.mark.django_db


def refused(action, *arguments, **fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        action(*arguments, **fields)


def test_batches_have_one_name_and_a_term():
    batch = SecondmentBatchFactory()

    refused(SecondmentBatchFactory, name=batch.name)
    refused(SecondmentBatchFactory, starts_on=END, ends_on=START)


def test_a_secondment_keeps_its_constraints(secondment):
    rows = Secondment.objects.filter(pk=secondment.pk)

    refused(SecondmentFactory, trainee=secondment.trainee)  # two at once
    refused(rows.update, ends_on=START)
    refused(rows.update, status="lost")
    refused(rows.update, host_name="")
    refused(rows.update, status=SecondmentStatus.CLOSED)  # closed without its time
    refused(rows.update, ended_at=NOW)  # running with an end
    refused(rows.update, status=SecondmentStatus.WITHDRAWN, ended_at=NOW)  # without a reason


def test_a_second_secondment_may_follow_a_closed_one(secondment):
    Secondment.objects.filter(pk=secondment.pk).update(status=SecondmentStatus.CLOSED, ended_at=NOW)

    assert SecondmentFactory(trainee=secondment.trainee).is_running


def test_seven_items_keep_their_constraints(secondment):
    item = item_of(secondment, ItemKind.WORK_CASE)

    refused(SevenItem.objects.create, secondment=secondment, kind=ItemKind.WORK_CASE, due_on=END)
    refused(SevenItem.objects.filter(pk=item.pk).update, kind="song")
    refused(SevenItem.objects.filter(pk=item.pk).update, status="lost")


def test_evidence_keeps_its_constraints(secondment, secondee):
    common = {
        "item": item_of(secondment, ItemKind.WORK_CASE),
        "round": 1,
        "uploaded_by": secondee,
        "uploaded_at": NOW,
        "sha256": "0" * 64,
    }

    refused(Evidence.objects.create, kind="text", text="", size=1, declared_open=True, **common)
    refused(
        Evidence.objects.create,
        kind="file",
        text="a",
        file="x.png",
        size=1,
        declared_open=True,
        **common,
    )
    refused(Evidence.objects.create, kind="file", size=1, declared_open=True, **common)
    refused(Evidence.objects.create, kind="text", text="a", size=0, declared_open=True, **common)
    refused(Evidence.objects.create, kind="text", text="a", size=1, declared_open=False, **common)


def test_sign_offs_keep_their_constraints(secondment, mentor):
    item = handed_in(secondment, ItemKind.TASK_LIST)
    common = {"item": item, "round": 1, "user": mentor, "at": NOW}
    SignOff.objects.create(role="mentor", decision="signed", **common)
    SignOff.objects.create(role="mentor", decision="sent_back", comment="a", **common)

    refused(SignOff.objects.create, role="mentor", decision="signed", **common)
    refused(SignOff.objects.create, role="host", decision="sent_back", comment="a", **common)
    refused(SignOff.objects.create, role="aunt", decision="signed", **common)
    refused(SignOff.objects.create, role="host", decision="maybe", **common)
    refused(
        SignOff.objects.create,
        role="academy",
        decision="sent_back",
        comment="",
        **{**common, "round": 2},
    )


@pytest.mark.parametrize("model", [Evidence, SignOff])
def test_evidence_and_sign_offs_are_only_added_to(model, secondment):
    signed(secondment, ItemKind.WORK_CASE)
    row = model.objects.first()

    for change in (
        row.save,
        row.delete,
        lambda: model.objects.update(round=9),
        model.objects.all().delete,
    ):
        with pytest.raises(TypeError):
            change()
    assert model.objects.get(pk=row.pk).round == 1


def test_visible_to_those_named_the_home_town_and_the_office(
    secondment, secondee, mentor, official, town_staff, foreign
):
    everybody = {
        "secondee": secondee,
        "mentor": mentor,
        "official": official,
        "town": town_staff,
        "office": office_clerk(),
        "stranger": UserFactory(),
        "foreign mentor": foreign.mentor,
        "foreign official": host_official_of(foreign),
    }

    seen = {name: set(Secondment.objects.visible_to(user)) for name, user in everybody.items()}

    assert seen == {
        "secondee": {secondment},
        "mentor": {secondment},
        "official": {secondment},
        "town": {secondment},
        "office": {secondment, foreign},
        "stranger": set(),
        "foreign mentor": {foreign},
        "foreign official": {foreign},
    }


def test_an_ended_grant_sees_nothing_more(secondment):
    user = UserFactory()
    RoleGrantFactory(
        user=user,
        role="department_staff",
        department=secondment.host_department,
        valid_to=NOW.date() - timedelta(days=400),
    )

    assert not Secondment.objects.visible_to(user).exists()


def test_items_come_in_the_order_of_the_programme(secondment):
    assert [item.kind for item in secondment.items_in_order] == ItemKind.values
    assert "".join(item.numeral for item in secondment.items_in_order) == "一二三四五六七"


def test_late_is_what_lies_with_the_secondee_after_its_day(secondment):
    item = with_evidence(secondment, ItemKind.WORK_CASE)
    after = item.due_on + timedelta(days=1)

    assert (item.is_late(item.due_on), item.is_late(after)) == (False, True)
    item.status = ItemStatus.HANDED_IN
    assert not item.is_late(after)
