"""The consent of the organisation department to one item: what was recorded, and a new record."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from academy.errors import PortalError

from ..consent_forms import ConsentForm
from ..consents import record_consent
from .items import plan_to_edit


@require_http_methods(["GET", "HEAD", "POST"])
def item_consent(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    plan = plan_to_edit(request, pk)
    item = get_object_or_404(plan.items, pk=item_pk)
    if not item.other_system_cadres:
        raise Http404
    records = list(item.consents.select_related("recorded_by").order_by("-pk"))
    initial = {"asked_on": records[0].asked_on} if records else {}
    form = ConsentForm(
        request.POST if request.method == "POST" else None,
        may_waive=request.user.has_perm("plans.file_plans"),
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            record_consent(item=item, by=request.user, now=timezone.now(), **form.cleaned_data)
        except PortalError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The opinion of the organisation department is recorded."))
            return redirect(plan)
    return render(
        request,
        "plans/item_consent.html",
        {"plan": plan, "item": item, "form": form, "records": records},
        status=422 if request.method == "POST" else 200,
    )
