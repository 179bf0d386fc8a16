"""Beginning a plan from the plan of the year before: looked at in a table, then added."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from academy.errors import PortalError

from ..filing import refuse_unless_editable
from ..forms import BroughtForm
from ..last_year import Brought, bring_in, brought_from, holidays_are_known, plan_before
from .items import plan_to_edit


@require_http_methods(["GET", "HEAD", "POST"])
def last_year(request: HttpRequest, pk: int) -> HttpResponse:
    """The items of the year before with their new times; those ticked are added together."""
    plan = plan_to_edit(request, pk)
    before = plan_before(plan)
    try:
        refuse_unless_editable(plan)
    except PortalError as error:
        messages.error(request, str(error))
        return redirect(plan)
    if before is None:
        messages.info(
            request,
            _("%(owner)s has no plan of %(year)d to begin from.")
            % {"owner": plan.owner.name, "year": plan.year - 1},
        )
        return redirect(plan)
    rows = [(one, _form(request, one)) for one in brought_from(before, plan)]
    if request.method == "POST" and all(form.is_valid() for _one, form in rows):
        times = {
            one.item.pk: form.cleaned_data["months"]
            for one, form in rows
            if form.cleaned_data["keep"]
        }
        if not times:
            messages.error(request, _("Tick at least one row first."))
        else:
            try:
                _say(request, len(bring_in(plan=plan, before=before, times=times)))
            except PortalError as error:
                messages.error(request, str(error))
            return redirect(plan)
    return render(
        request,
        "plans/last_year.html",
        {
            "plan": plan,
            "before": before,
            "rows": rows,
            "is_announced": holidays_are_known(plan),
            "marked": sum(1 for one, _form in rows if one.remarks),
        },
    )


def _form(request: HttpRequest, one: Brought) -> BroughtForm:
    return BroughtForm(
        request.POST if request.method == "POST" else None,
        prefix=str(one.item.pk),
        initial={"keep": not one.is_there, "months": one.months},
    )


def _say(request: HttpRequest, count: int) -> None:
    messages.success(
        request,
        ngettext(
            "%(count)d training is brought in. Change it in the table.",
            "%(count)d trainings are brought in. Change them in the table.",
            count,
        )
        % {"count": count},
    )
