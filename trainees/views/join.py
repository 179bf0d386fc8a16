"""Joining with a light account in two steps, and the account itself: what is kept, and how to close
it.
"""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from academy.accounts import lockout
from academy.accounts.sms import NoGateway
from academy.models import LearnerGroup, Village
from academy.web.client_address import client_address
from academy.web.safe_next import path_of_ours

from ..errors import BookingError
from ..forms.joining import CodeForm, JoinForm
from ..models import LightAccount, Trainee
from ..people.group_classes import classes_of_groups
from ..people.joining import ChoiceGone, CodeOver, CodeRefused, Joining, begin, confirm
from ..people.light_accounts import LAPSES_AFTER, leave

IN_SESSION = "joining"


def _pending(request: HttpRequest) -> Joining | None:
    """What this browser typed in the first step, for an hour."""
    kept = request.session.get(IN_SESSION)
    joining = Joining(**kept) if kept else None
    if joining is not None and not joining.is_kept(timezone.now()):
        del request.session[IN_SESSION]
        return None
    return joining


def _way_on(request: HttpRequest) -> str:
    """The page of this site that the person came from, or nothing."""
    return path_of_ours(request, request.POST.get("next") or request.GET.get("next", ""))[:300]


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Who, how to reach, from where, as what.

    Whatever is typed, a code is on its way and the next page asks for it.
    """
    if request.user.is_authenticated:
        return redirect(_way_on(request) or "portal:me")
    now, joining = timezone.now(), _pending(request)
    initial = {}
    if joining is not None:  # somebody who comes back finds what they typed
        village = Village.objects.filter(pk=joining.village).first()
        initial = {
            "name": joining.name,
            "phone": joining.phone,
            "village": village and village.code,
            "group": joining.group,
        }
    form = JoinForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        today=timezone.localdate(now),
    )
    if form.is_valid():
        try:
            joining = begin(
                **form.cleaned_data, address=client_address(request), then=_way_on(request), now=now
            )
        except lockout.TooManyTries as error:
            form.add_error("phone", lockout.code_refused(error))
        except NoGateway as error:
            form.add_error("phone", str(error))
        else:
            request.session[IN_SESSION] = joining.as_dict()
            return redirect("trainees:join_code")
    return render(
        request,
        "trainees/join.html",
        {"form": form, "next": _way_on(request), "groups": classes_of_groups(now)},
    )


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def join_code(request: HttpRequest) -> HttpResponse:
    """The code from the text message; with `again` a new one is sent.

    Only a right code makes the account.
    """
    if request.user.is_authenticated:
        return redirect("portal:me")
    joining = _pending(request)
    if joining is None:
        messages.info(request, _("Nothing is kept of what you typed before. Please begin again."))
        return redirect("trainees:join")
    if request.method == "POST" and "again" in request.POST:
        return _send_again(request, joining)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            user, is_new = confirm(
                joining=joining, code=form.cleaned_data["code"], now=timezone.now()
            )
        except (CodeRefused, CodeOver) as error:
            form.add_error("code", str(error))
        except ChoiceGone as error:
            messages.error(request, str(error))
            return redirect("trainees:join")
        else:
            return _log_in(request, joining, user, is_new)
    return render(request, "trainees/join_code.html", {"form": form, "phone": joining.phone})


def _send_again(request: HttpRequest, joining: Joining) -> HttpResponse:
    village, group = (
        Village.objects.filter(pk=joining.village).first(),
        LearnerGroup.objects.filter(pk=joining.group).first(),
    )
    if village is None or group is None:
        return redirect("trainees:join")
    try:
        again = begin(
            phone=joining.phone,
            name=joining.name,
            village=village,
            group=group,
            address=client_address(request),
            then=joining.then,
            now=timezone.now(),
        )
    except lockout.TooManyTries as error:
        messages.error(request, lockout.code_refused(error))
    except NoGateway as error:
        messages.error(request, str(error))
    else:
        request.session[IN_SESSION] = again.as_dict()
        messages.success(request, _("A new code is on its way; the old one no longer counts."))
    return redirect("trainees:join_code")


def _log_in(request: HttpRequest, joining: Joining, user, is_new: bool) -> HttpResponse:
    del request.session[IN_SESSION]
    record_authentication(request, user, method="code", phone=joining.phone)
    if is_new:
        messages.success(
            request, _("Your account is ready. Log in next time with this number and a code.")
        )
    else:
        messages.info(
            request,
            _(
                "This number has an account already, so you are logged in to it. Nothing in it was"
                " changed."
            ),
        )
    return perform_login(request, Login(user=user, redirect_url=joining.then or None))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def light_account(request: HttpRequest) -> HttpResponse:
    """What is kept of somebody with a light account, when it ends by itself, and the button that
    ends it now.
    """
    trainee = Trainee.objects.of(request.user)
    if trainee is None or not trainee.is_light:
        raise Http404
    if request.method == "POST":
        try:
            leave(trainee=trainee, now=timezone.now())
        except BookingError as error:
            messages.error(request, str(error))
            return redirect("trainees:light_account")
        logout(request)
        messages.success(
            request, _("Your account is closed. Your name and mobile number are removed.")
        )
        return redirect("portal:home")
    account = LightAccount.objects.filter(trainee=trainee, ended_at__isnull=True).first()
    return render(
        request,
        "trainees/light_account.html",
        {"trainee": trainee, "account": account, "days": LAPSES_AFTER.days},
    )
