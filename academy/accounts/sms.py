"""Text messages. The setting SMS_CHANNEL names the class that sends them."""

import json
import logging
import urllib.request
from http import HTTPStatus
from threading import Thread
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from ..errors import PortalError
from ..kept_settings import setting

logger = logging.getLogger(__name__)

GATEWAY_SECONDS = 10  # how long to wait for the gateway


class NoGateway(PortalError):
    """There is no gateway, so a code would reach nobody."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The portal cannot send codes by text message at present. Log in with your password"
                " if you have one, or call the academy office on %(phone)s."
            )
            % {"phone": setting("office_phone")}
        )


class GatewayRefused(Exception):
    """The gateway answered that it does not take the message."""


class Channel(Protocol):
    """What sends a text message.

    `send` raises when the gateway does not take it; `waits` says that it takes time.
    """

    waits: bool

    def send(self, *, phone: str, text: str) -> None: ...


class ConsoleChannel:
    """Writes the message to the log of a developer.

    Never the whole number, and no text in production.
    """

    waits = False

    def send(self, *, phone: str, text: str) -> None:
        shown = text if settings.SMS_TEXT_IN_LOG else "not sent, there is no gateway"
        logger.info("Text message to %s****%s: %s", phone[:3], phone[7:], shown)


class HttpGateway:
    """Sends by HTTP POST: JSON with phone, text and template, the key as bearer token.

    2xx means taken.
    """

    waits = True

    def send(self, *, phone: str, text: str) -> None:
        message = {"phone": phone, "template": settings.SMS_GATEWAY_TEMPLATE, "text": text}
        request = urllib.request.Request(  # noqa: S310 - the address is a setting
            settings.SMS_GATEWAY_URL,
            json.dumps(message).encode(),
            {
                "Content-Type": "application/json",
                "Authorization": f"Bearer {settings.SMS_GATEWAY_KEY}",
            },
        )
        with urllib.request.urlopen(request, timeout=GATEWAY_SECONDS) as answer:  # noqa: S310
            if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
                raise GatewayRefused(answer.status)


def channel_for(user) -> Channel:
    """The configured channel.

    Sample people have made-up numbers that may be a stranger's: theirs never leave the house.
    """
    return ConsoleChannel() if user.is_sample else import_string(settings.SMS_CHANNEL)()


def send_at_once(user, text: str) -> None:
    """Send while the request goes on: the answer takes as long for a number that nobody has as for
    one that is known.

    A thread and not the queue, so that no code lies in Redis, and codes are sent also while Redis
    is away.
    """
    channel = channel_for(user)
    if channel.waits:
        Thread(target=_send_or_log, args=(channel, user.phone, text), daemon=True).start()
    else:
        _send_or_log(channel, user.phone, text)


def _send_or_log(channel: Channel, phone: str, text: str) -> None:
    try:
        channel.send(phone=phone, text=text)
    except Exception as error:  # whatever a gateway raises; its text may name the phone
        logger.error("A text message could not be sent: %s", type(error).__name__)


def has_gateway() -> bool:
    """Whether text messages reach people."""
    return bool(settings.SMS_CHANNEL) and import_string(settings.SMS_CHANNEL) is not ConsoleChannel


def refuse_without_gateway() -> None:
    """Raise NoGateway when a code could reach nobody. A developer reads it in the log."""
    if not (has_gateway() or settings.SMS_TEXT_IN_LOG):
        raise NoGateway
