"""Text messages: the gateway over HTTP, and what happens without one."""

import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.error import HTTPError, URLError

import pytest
from django.core.checks import run_checks

from academy.accounts.sms import ConsoleChannel, HttpGateway, send_at_once
from academy.models import User
from tests.factories import LearnerGroupFactory, UserFactory

PERSON = User(phone="13900000000")


class StandIn(BaseHTTPRequestHandler):
    """A gateway that keeps what it was sent and answers `status`."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.path, self.headers["Authorization"], json.loads(body)))
        self.send_response(self.server.status)
        self.end_headers()
        self.server.answered.set()

    def log_message(self, *args):
        pass


@pytest.fixture
def gateway(settings):
    server = HTTPServer(("127.0.0.1", 0), StandIn)
    server.received, server.status, server.answered = [], 200, threading.Event()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    settings.SMS_CHANNEL = "academy.accounts.sms.HttpGateway"
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{server.server_port}/send"
    settings.SMS_GATEWAY_KEY, settings.SMS_GATEWAY_TEMPLATE = "secret-key", "T1"
    yield server
    server.shutdown()
    server.server_close()


def test_the_gateway_gets_phone_text_template_and_key(gateway):
    HttpGateway().send(phone=PERSON.phone, text="您的验证码是 123456")

    message = {"phone": PERSON.phone, "template": "T1", "text": "您的验证码是 123456"}
    assert gateway.received == [("/send", "Bearer secret-key", message)]


@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_a_message_that_is_not_taken_is_an_error(gateway, status):
    gateway.status = status

    with pytest.raises(HTTPError) as refused:
        HttpGateway().send(phone=PERSON.phone, text="a")
    refused.value.close()


def test_a_gateway_that_is_away_is_an_error(settings):
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/"

    with pytest.raises(URLError):
        HttpGateway().send(phone=PERSON.phone, text="a")


def test_a_code_goes_out_while_the_request_goes_on(gateway):
    send_at_once(PERSON, "您的验证码是 123456")

    assert gateway.answered.wait(10)
    assert [message["text"] for _path, _key, message in gateway.received] == ["您的验证码是 123456"]


def test_a_gateway_that_is_away_costs_the_person_no_error_page(settings, caplog, monkeypatch):
    settings.SMS_CHANNEL, settings.SMS_GATEWAY_URL = (
        "academy.accounts.sms.HttpGateway",
        "http://127.0.0.1:9/",
    )
    monkeypatch.setattr(HttpGateway, "waits", False)

    send_at_once(PERSON, "您的验证码是 123456")

    assert [record.getMessage() for record in caplog.records] == [
        "A text message could not be sent: URLError"
    ]


# --- Without a gateway ----------------------------------------------------------------------------


@pytest.fixture
def production(settings):
    settings.SMS_TEXT_IN_LOG = False


@pytest.mark.parametrize(
    "address", ["/accounts/login/code/", "/accounts/password/forgotten/", "/join/"]
)
def test_a_code_that_could_reach_nobody_is_refused_in_words(
    client, village, caplog, production, address
):
    person = UserFactory()
    typed = {
        "phone": person.phone,
        "name": "示例乙",
        "village": village.code,
        "group": LearnerGroupFactory().pk,
    }

    with caplog.at_level(logging.INFO):
        response = client.post(address, typed)

    assert response.status_code == 200
    assert "发不了短信验证码" in response.context["form"].errors["phone"][0]
    assert caplog.records == []


def test_no_code_stands_in_the_log_of_production(caplog, production):
    with caplog.at_level(logging.INFO):
        ConsoleChannel().send(phone=PERSON.phone, text="您的验证码是 123456")

    assert [record.getMessage() for record in caplog.records] == [
        "Text message to 139****0000: not sent, there is no gateway"
    ]


@pytest.mark.parametrize(
    ("channel", "warnings"), [("ConsoleChannel", ["academy.W001"]), ("HttpGateway", [])]
)
def test_the_deployment_check_warns_of_the_console(settings, channel, warnings):
    settings.SMS_CHANNEL = f"academy.accounts.sms.{channel}"

    found = run_checks(include_deployment_checks=True)
    assert [warning.id for warning in found if warning.id.startswith("academy.")] == warnings
