"""The inbox.

Reading changes something, so a notice is opened by a POST; what has been read is a plain link.
"""

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from academy.accounts.sms import has_gateway
from academy.office_settings import office_setting
from academy.web.paging import page_of

from .digest import HOUR
from .forms import PreferenceForm
from .models import Notice, NoticePreference, preference_of

NOTICES_PER_PAGE = 20


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    notices = Notice.objects.visible_to(request.user).unread_first()
    return render(
        request, "notices/inbox.html", {"page": page_of(request, notices, NOTICES_PER_PAGE)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Three switches: what goes out as a text message. The inbox holds all of it, whatever they
    say.
    """
    form = PreferenceForm(initial=model_to_dict(preference_of(request.user)))
    if request.method == "POST":
        form = PreferenceForm(request.POST)
        if form.is_valid():
            NoticePreference.objects.update_or_create(
                person=request.user, defaults=form.cleaned_data
            )
            messages.success(request, _("Saved. It holds from the next message on."))
            return redirect("notices:inbox")
    return render(
        request,
        "notices/preferences.html",
        {
            "form": form,
            "has_gateway": has_gateway(),
            "quiet_from": office_setting("quiet_from"),
            "quiet_until": office_setting("quiet_until"),
            "digest_hour": HOUR,
        },
    )


@require_http_methods(["GET", "POST"])
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark as read, then go where the notice leads.

    Whoever comes back here by GET (after a log-in, say) finds the inbox.
    """
    notices = Notice.objects.visible_to(request.user)
    notice = get_object_or_404(notices, pk=pk)
    if request.method == "GET":
        return redirect("notices:inbox")
    notices.filter(pk=notice.pk).mark_read(timezone.now())
    leads_somewhere = url_has_allowed_host_and_scheme(notice.link, allowed_hosts=None)
    return redirect(notice.link if leads_somewhere else "notices:inbox")


@require_http_methods(["GET", "POST"])
def mark_read(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and Notice.objects.visible_to(request.user).mark_read(
        timezone.now()
    ):
        messages.success(request, _("All notices are marked as read."))
    return redirect("notices:inbox")
