import pytest
from django.urls import reverse

from notices.models import ReminderRule

from ..factories import UserFactory
from .factories import NoticeFactory


@pytest.fixture
def vocabulary_editor(client, db):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def rule(db):
    return ReminderRule.objects.create(kind="test", name="示例", days_before=1, at_hour=17)


def test_notices_are_looked_at_and_not_changed(vocabulary_editor):
    notice = NoticeFactory(title="看看")

    assert vocabulary_editor.get(reverse("admin:notices_notice_changelist")).status_code == 200
    assert (
        vocabulary_editor.get(reverse("admin:notices_notice_change", args=[notice.pk])).status_code
        == 200
    )
    assert (
        vocabulary_editor.post(
            reverse("admin:notices_notice_change", args=[notice.pk]), {"title": "改"}
        ).status_code
        == 403
    )
    assert vocabulary_editor.get(reverse("admin:notices_notice_add")).status_code == 403
    assert (
        vocabulary_editor.post(
            reverse("admin:notices_notice_delete", args=[notice.pk]), {"post": "yes"}
        ).status_code
        == 403
    )


def test_a_rule_is_edited_and_neither_made_nor_deleted(vocabulary_editor, rule):
    address = reverse("admin:notices_reminderrule_change", args=[rule.pk])

    assert (
        vocabulary_editor.post(
            address, {"name": "前两天", "days_before": 2, "at_hour": 8}
        ).status_code
        == 302
    )
    rule.refresh_from_db()
    assert (rule.name, rule.days_before, rule.at_hour, rule.active) == ("前两天", 2, 8, False)
    assert vocabulary_editor.get(reverse("admin:notices_reminderrule_add")).status_code == 403
    assert (
        vocabulary_editor.post(
            reverse("admin:notices_reminderrule_delete", args=[rule.pk]), {"post": "yes"}
        ).status_code
        == 403
    )


@pytest.mark.parametrize("wrong", [{"at_hour": 24}, {"days_before": 91}, {"days_before": -1}])
def test_a_rule_with_a_wrong_number_is_refused_beside_the_field(vocabulary_editor, rule, wrong):
    response = vocabulary_editor.post(
        reverse("admin:notices_reminderrule_change", args=[rule.pk]),
        {"name": "示例", "days_before": 1, "at_hour": 17, **wrong},
    )

    assert response.status_code == 200
    assert list(response.context["adminform"].form.errors) == list(wrong)
