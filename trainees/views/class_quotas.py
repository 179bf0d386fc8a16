"""The tab of the quotas: all street-towns in one grid, saved together."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from academy.errors import PortalError
from courses.models import TrainingClass
from courses.schedule.quotas import default_release
from courses.schedule.scheduling import EDITABLE

from ..classes.changes import change_seats
from ..forms.quotas import BY_VILLAGES, EACH, PASTED, QuotasForm, read_pasted
from ..workspace.frame import QUOTAS
from ..workspace.quotas import TownQuota, by_villages, each_town, town_quotas
from .class_edit import class_changed_by
from .class_frame import render_tab

MOST = 9999  # seats or villages that a filling takes


@require_http_methods(["GET", "HEAD", "POST"])
def class_quotas(request: HttpRequest, code: str) -> HttpResponse:
    """`fill` writes numbers into the grid and saves nothing; the button without it saves."""
    training_class = class_changed_by(request.user, code)
    is_editable = training_class.status in EDITABLE
    posted = request.method == "POST"
    if posted and not is_editable:
        messages.error(request, _("This class is closed or cancelled, so it stays as it is."))
        return redirect("trainees:class_quotas", code)
    quotas = town_quotas(training_class)
    form = QuotasForm(request.POST if posted else None, instance=training_class)
    said: list[str] = []
    if posted and request.POST.get("fill"):
        said = _fill(request, form, quotas)
    elif posted and form.is_valid():
        try:
            return _save(request, training_class, form)
        except PortalError as refused:
            form.add_error(None, str(refused))
    rows = [(quota, form.of(quota.town.code), form.until_of(quota.town.code)) for quota in quotas]
    return render_tab(
        request,
        training_class,
        QUOTAS,
        "trainees/class_quotas.html",
        {
            "form": form,
            "rows": rows,
            "said": said,
            "is_editable": is_editable,
            "release_at": default_release(training_class),
            "is_late": default_release(training_class) <= timezone.now(),
            "sums": _sums(quotas, form),
            "silent": [quota for quota in quotas if quota.is_silent],
            "cannot": [quota for quota in quotas if quota.cannot],
            "may_nominate": request.user.has_perm("trainees.nominate"),
        },
    )


def _sums(quotas: list[TownQuota], form: QuotasForm) -> dict[str, int]:
    """What stands below the columns; of the numbers typed only those that are numbers."""
    typed = [
        str(field.value() or "0") if field is not None else str(quota.seats)
        for quota, field in ((quota, form.of(quota.town.code)) for quota in quotas)
    ]
    return {
        "villages": sum(quota.villages for quota in quotas),
        "seats": sum(int(text) for text in typed if text.isascii() and text.isdecimal()),
        "taken": sum(quota.taken for quota in quotas),
        "left": sum(quota.left for quota in quotas),
    }


def _fill(request: HttpRequest, form: QuotasForm, quotas: list[TownQuota]) -> list[str]:
    """Fill the grid as asked; returns what could not be used, in sentences."""
    asked = request.POST["fill"]
    if asked == PASTED:
        seats, unclear = read_pasted(
            request.POST.get("pasted", ""), [quota.town for quota in quotas]
        )
        form.fill(seats)
        return unclear
    number = request.POST.get({EACH: "each", BY_VILLAGES: "per"}.get(asked, ""), "").strip()
    if not (number.isascii() and number.isdecimal() and int(number[:5]) <= MOST):
        return [_("Write a whole number, such as 2.")]
    if asked == EACH:
        form.fill(each_town(quotas, int(number)))
    elif asked == BY_VILLAGES and int(number):
        form.fill(by_villages(quotas, int(number)))
    else:
        return [_("Write a whole number, such as 24.")]
    return []


def _save(request: HttpRequest, training_class: TrainingClass, form: QuotasForm) -> HttpResponse:
    with transaction.atomic():
        form.refuse_if_changed()
        promoted = change_seats(
            training_class=training_class,
            capacity=form.cleaned_data["capacity"],
            town_seats=form.town_seats,
            until=form.until,
            by=request.user,
            now=timezone.now(),
        )
    messages.success(request, _("The quotas are saved."))
    if promoted:
        messages.success(
            request,
            ngettext(
                "%(count)d person who waited has a seat now and was told.",
                "%(count)d people who waited have a seat now and were told.",
                len(promoted),
            )
            % {"count": len(promoted)},
        )
    return redirect("trainees:class_quotas", training_class.code)
