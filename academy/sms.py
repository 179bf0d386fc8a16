"""Text messages. Which channel sends them is the setting SMS_CHANNEL, so that a gateway is one class in one place."""

import logging
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


class Channel(Protocol):
    """What a gateway has to offer.

    `send` returns at once and leaves waiting for the gateway to a queue: the answer to "send me a code" must take as long for a
    number that nobody has as for one that somebody has.
    """

    def send(self, *, phone: str, text: str) -> None: ...


class ConsoleChannel:
    """Writes the message to the log, for whoever runs the portal without a gateway. Never the whole number."""

    def send(self, *, phone: str, text: str) -> None:
        logger.info("Text message to %s****%s: %s", phone[:3], phone[7:], text)


def channel_for(user) -> Channel:
    """The configured channel; sample people carry made-up numbers that may be a stranger's, so theirs never leave the house."""
    return ConsoleChannel() if user.is_sample else import_string(settings.SMS_CHANNEL)()
