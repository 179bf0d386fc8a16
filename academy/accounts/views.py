"""The account pages: log in with a password or a code, log out, set a password.

Sign-up is closed: accounts are the roster's.
"""

from allauth.account import views as allauth_views
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.stagekit import clear_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from .idle_sessions import unsent_of
from .login import ChangePasswordForm, ConfirmLoginCodeForm, LoginForm, RequestLoginCodeForm


class ForgetsPendingCode:
    """Somebody who waits for a code and comes back may choose again: another number, or the
    password.
    """

    def _redirect_to_pending_stage(self, request: HttpRequest, stage) -> None:
        clear_login(request)


class LoginView(ForgetsPendingCode, allauth_views.LoginView):
    form_class = LoginForm


class RequestLoginCodeView(ForgetsPendingCode, allauth_views.RequestLoginCodeView):
    form_class = RequestLoginCodeForm


class ForgottenPasswordView(RequestLoginCodeView):
    """Whoever holds the phone sets a new password: log in with a code, then go to the password
    page.
    """

    template_name = "account/password_reset.html"

    def get_success_url(self) -> str:
        new_password = urlencode({REDIRECT_FIELD_NAME: reverse("account_change_password")})
        return f"{reverse('account_confirm_login_code')}?{new_password}"


class ConfirmLoginCodeView(allauth_views.ConfirmLoginCodeView):
    form_class = ConfirmLoginCodeForm
    _process: LoginCodeVerificationProcess

    def get_form_kwargs(self) -> dict:
        state = self._process.state
        return super().get_form_kwargs() | {"tries_key": f"{state['phone']}|{state['at']}"}


login = LoginView.as_view()
request_login_code = RequestLoginCodeView.as_view()
forgotten_password = ForgottenPasswordView.as_view()
confirm_login_code = ConfirmLoginCodeView.as_view()
logout = allauth_views.logout


@sensitive_post_parameters()
@never_cache
def change_password(request: HttpRequest) -> HttpResponse:
    """Set a new password; all other sessions of the person end with it."""
    form = ChangePasswordForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.save()
        update_session_auth_hash(request, form.user)
        messages.success(request, _("The new password is set. Other devices have to log in again."))
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "account/password_change.html", {"form": form})


@never_cache
@require_safe
def unsent(request: HttpRequest) -> HttpResponse:
    """A form that came after its sender had been logged out: send it again, or leave it."""
    found = unsent_of(request)
    if found is None:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "account/unsent.html", {"unsent": found})
