"""Logging in with a phone number: what allauth asks of us, and the forms of the account pages."""

import secrets
import time

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.forms import ConfirmLoginCodeForm as AllauthConfirmLoginCodeForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..models import User
from ..office_settings import office_setting
from ..text.pasted import plain
from ..text.phones import PhoneField
from ..web.client_address import client_address
from . import idle_sessions, lockout
from .devices import known_device, remember_device
from .sms import NoGateway, refuse_without_gateway, send_at_once

CODE_DIGITS = 6


class PhoneAccountAdapter(DefaultAccountAdapter):
    """Phone numbers of the roster are the accounts: imported ones count as verified, nobody signs
    up.
    """

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This code is not right."),
        "too_many_login_attempts": gettext_lazy("That was wrong too often. Get a new code."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(
        self,
        request,
        level,
        message_template=None,
        message_context=None,
        extra_tags="",
        message=None,
    ) -> None:
        """Only our own sentences; allauth's templates announce what the next page shows anyway."""
        if message:
            super().add_message(request, level, extra_tags=extra_tags, message=message)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """A closed account; one that was joined with another names the number of that one."""
        stays = user.stays_as if user.merged_into_id is not None else None
        return render(request, "account/account_inactive.html", {"stays": stays}, status=403)

    # -- the phone number --

    def phone_form_field(self, **kwargs) -> PhoneField:
        return PhoneField(**kwargs)

    def get_phone(self, user: User) -> tuple[str, bool]:
        return user.phone, True

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        raise PermissionDenied(
            _("A mobile number is not changed on a page. Call the academy office.")
        )

    def set_phone_verified(self, user: User, phone: str) -> None:
        """Numbers of the roster are verified already."""

    def get_user_by_phone(self, phone: str) -> User | None:
        return get_user_model().objects.filter(phone=phone).first()

    # -- codes --

    def generate_phone_verification_code(self, *, user: User, phone: str) -> str:
        return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs) -> None:
        send_code(user, code)

    # -- passwords --

    def pre_authenticate(self, request: HttpRequest, **credentials) -> None:
        self._limits = password_limits(request, credentials["phone"])
        try:
            self._tries = lockout.take(*self._limits)
        except lockout.TooManyTries as error:
            raise locked_out(error) from None

    def authentication_failed(self, request: HttpRequest, **credentials) -> None:
        wait = seconds_to_wait(self._limits)
        if not wait:
            limit, key = self._limits[0]
            raise wrong_password(limit.left(key))
        if user := self.get_user_by_phone(credentials["phone"]):
            lockout.tell_owner(user)
        raise locked_out(lockout.TooManyTries(wait))

    def _rollback_login_failed_rl_usage(self) -> None:
        self._tries.give_back()

    # -- where from --

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def post_login(self, request: HttpRequest, user: User, **how) -> HttpResponse:
        response = super().post_login(request, user, **how)
        remember_device(request, response, user)
        return response


def password_limits(request: HttpRequest, phone: str) -> list[tuple[lockout.Limit, str]]:
    """What a try at the password counts under; the first limit says how many are left."""
    if device := known_device(request, phone):
        return [(lockout.PASSWORD_FROM_ADDRESS, f"{phone}|device {device}")]
    return [
        (lockout.PASSWORD_FROM_ADDRESS, f"{phone}|{client_address(request)}"),
        (lockout.PASSWORD_OF_ACCOUNT, phone),
    ]


def seconds_to_wait(limits: list[tuple[lockout.Limit, str]]) -> int:
    """Return how long until every one of the limits lets somebody try again."""
    return max(limit.seconds_to_wait(key) for limit, key in limits)


def send_code(user: User, code: str) -> None:
    """Send a log-in code to the person's phone, unless the account is closed or the day's messages
    are used up.
    """
    if not user.is_active:
        return
    try:
        lockout.take((lockout.CODES_A_DAY, lockout.EVERYBODY))
    except lockout.TooManyTries:
        return  # used up a moment ago; the next request for a code says so
    text = _(
        "Your code for the Community Governance Academy is %(code)s. It is valid for 10 minutes;"
        " tell it to nobody."
    )
    send_at_once(user, text % {"code": code})


def locked_out(error: lockout.TooManyTries) -> ValidationError:
    """Return the error for somebody who must wait, with the ways that are open."""
    return ValidationError(
        _(
            "Wrong passwords too often: please wait %(time)s. You can log in with a code now, or"
            " call the academy office on %(phone)s."
        )
        % {"time": lockout.duration(error.seconds), "phone": office_setting("office_phone")},
        code="locked_out",
    )


def wrong_password(left: int) -> ValidationError:
    """Return the error for a wrong password, with how many tries are left."""
    return ValidationError(
        ngettext(
            "Mobile number or password is wrong, %(count)d try left. You can log in with a code"
            " instead.",
            "Mobile number or password is wrong, %(count)d tries left. You can log in with a code"
            " instead.",
            left,
        )
        % {"count": left},
        code="wrong_password",
    )


def came_by_code(request: HttpRequest) -> bool:
    """Whether the person proved to hold the phone within the last minutes: who does may set a
    password without the old one.
    """
    records = get_authentication_records(request, request.user)
    if not records:
        return False
    return (
        records[-1]["method"] == "code"
        and time.time() - records[-1]["at"] < settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT
    )


class LoginForm(AllauthLoginForm):
    """Phone and password."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].label = gettext_lazy("Password")
        self.fields["password"].help_text = ""
        self.fields["password"].error_messages["required"] = gettext_lazy("Write your password.")
        del self.fields["password"].widget.attrs["placeholder"]

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        response = super().login(request, redirect_url)
        if request.user.is_authenticated:
            idle_sessions.begin(User, request, request.user)  # allauth sets one length for all
        return response


class RequestLoginCodeForm(forms.Form):
    """To which phone. The answer is the same whether somebody has that number or not."""

    phone = PhoneField()

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"]
        try:
            refuse_without_gateway()
            lockout.take_code(phone=phone, address=client_address(context.request))
        except lockout.TooManyTries as error:
            raise ValidationError(lockout.code_refused(error), code="wait") from None
        except NoGateway as error:
            raise ValidationError(str(error), code="no_gateway") from None
        self._user = get_adapter().get_user_by_phone(phone)
        return phone


class ConfirmLoginCodeForm(AllauthConfirmLoginCodeForm):
    """The six digits of the text message. `tries_key` names the code they are compared with."""

    code = forms.CharField(
        label=gettext_lazy("Code from the text message"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
        ),
    )

    def __init__(self, *args, tries_key: str = "", **kwargs) -> None:
        self.tries_key = tries_key
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        self.cleaned_data["code"] = plain(self.cleaned_data["code"])
        try:
            lockout.take((lockout.CODE_TYPED, self.tries_key))
        except lockout.TooManyTries:
            raise get_adapter().validation_error("too_many_login_attempts") from None
        try:
            return super().clean_code()
        except ValidationError:
            left = lockout.CODE_TYPED.left(self.tries_key)
            raise ValidationError(
                ngettext(
                    "This code is not right, %(count)d try left.",
                    "This code is not right, %(count)d tries left.",
                    left,
                )
                % {"count": left},
                code="incorrect_code",
            ) from None


class ChangePasswordForm(SetPasswordForm):
    """A new password, after the old one or after a code."""

    old_password = forms.CharField(
        label=gettext_lazy("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["old_password", "new_password1", "new_password2"]

    def __init__(self, request: HttpRequest, *args, **kwargs) -> None:
        self.request = request
        super().__init__(request.user, *args, **kwargs)
        self.fields["new_password1"].label = gettext_lazy("New password")
        self.fields["new_password1"].help_text = gettext_lazy(
            "At least 8 characters, not only digits, not your phone number or name."
        )
        self.fields["new_password2"].label = gettext_lazy("New password, once more")
        self.fields["new_password2"].help_text = ""
        if came_by_code(request) or not request.user.has_usable_password():
            del self.fields["old_password"]

    def clean_old_password(self) -> str:
        limits = password_limits(self.request, self.user.phone)
        try:
            tries = lockout.take(*limits)
        except lockout.TooManyTries as error:
            raise locked_out(error) from None
        if not self.user.check_password(self.cleaned_data["old_password"]):
            if seconds_to_wait(limits):
                lockout.tell_owner(self.user)
            raise ValidationError(_("This is not your present password."), code="wrong_password")
        tries.give_back()
        return self.cleaned_data["old_password"]
