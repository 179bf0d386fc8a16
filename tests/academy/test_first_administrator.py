"""The command with which a portal begins."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from academy.models import Role, User
from tests.factories import UserFactory

PHONE, PASSWORD = "19900000001", "a-Long-one-27"
pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch, capsys):
    def run(*arguments, typed=(PASSWORD, PASSWORD)):
        monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(typed) + "\n"))
        call_command("first_administrator", *arguments, "--json")
        return json.loads(capsys.readouterr().out)

    return run


def test_the_first_administrator_logs_in_gives_roles_and_keeps_vocabularies(run, client):
    said = run(PHONE, "示例甲")

    assert said == {"phone": "199****0001", "new": True, "login": "password"}
    assert client.login(phone=PHONE, password=PASSWORD)
    assert client.get(reverse("roles:role_list")).status_code == 200
    assert client.get(reverse("tables:row_add", args=["groups"])).status_code == 200
    assert client.get(reverse("tables:table_list", args=["reminders"])).status_code == 200
    grant = User.objects.get().grants.get()
    assert (grant.role, grant.valid_to, grant.granted_by) == (Role.ADMINISTRATOR, None, None)
    assert not grant.user.is_superuser


def test_whoever_is_on_the_roster_already_keeps_their_account(run):
    known = UserFactory(phone=PHONE, name="示例甲")

    assert not run(PHONE, "示例甲", "--code")["new"]
    known.refresh_from_db()
    assert known.check_password("demo-Password-1") and known.grants.exists()


@pytest.mark.parametrize(
    ("arguments", "typed"),
    [
        ((PHONE, "示例甲"), (PASSWORD, "another")),
        ((PHONE, "示例甲"), ("12345678", "12345678")),
        ((PHONE, "示例乙"), (PASSWORD, PASSWORD)),
    ],
)
def test_what_is_refused_leaves_nothing(run, arguments, typed):
    UserFactory(phone=PHONE, name="示例甲")
    with pytest.raises(CommandError) as refused:
        run(*arguments, typed=typed)

    assert refused.value.returncode == 1
    assert not User.objects.get().grants.exists()


def test_a_second_one_is_refused(run, administrator):
    with pytest.raises(CommandError, match="已有管理员"):
        run(PHONE, "示例甲")


def test_without_a_gateway_nobody_waits_for_a_code(run, settings):
    settings.SMS_TEXT_IN_LOG = False
    with pytest.raises(CommandError, match="短信"):
        run(PHONE, "示例甲", "--code")
