"""What `manage.py check --deploy` looks at beside Django's own checks."""

from django.conf import settings
from django.core.checks import Tags, Warning, register
from django.utils.module_loading import import_string

from .accounts.sms import ConsoleChannel


@register(Tags.security, deploy=True)
def text_messages_reach_people(app_configs, **kwargs) -> list[Warning]:
    """Warn when log-in codes would only be written to the console."""
    if import_string(settings.SMS_CHANNEL) is not ConsoleChannel:
        return []
    return [
        Warning(
            "Text messages go nowhere: SMS_CHANNEL is the console. Nobody can log in with a code.",
            hint="Set SMS_GATEWAY_URL and SMS_GATEWAY_KEY; see docs/deploy.md.",
            id="academy.W001",
        )
    ]
