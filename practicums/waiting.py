"""What waits for a person at /manage/: hand-ins to sign, appraisals to write, files to close."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.templatetags.portal_tags import short_day
from academy.waiting import WaitingItem

from .models import CaseStatus, ItemKind, ItemStatus, PracticeCase, Secondment, SignOffRole
from .seven_items.board import items_for
from .seven_items.signers import missing_items, roles_of

CASES_ONE_BY_ONE = 10
# of a case that was handed in: the office's own promise, as for courses
REVIEW_WITHIN = timedelta(days=10)
APPRAISAL_IN_SIGHT = timedelta(days=14)  # before its day the host sees it among the things to do


def waiting_for(user, now: datetime) -> Iterable[WaitingItem]:
    today = timezone.localdate(now)
    if user.has_perm("practicums.publish_practicecase"):
        for case in PracticeCase.objects.filter(status=CaseStatus.IN_REVIEW).order_by(
            "updated_at", "pk"
        )[:CASES_ONE_BY_ONE]:
            yield WaitingItem(
                title=_("Review the case “%(title)s”") % {"title": case.title},
                detail=case.theme,
                url=reverse("practicums:manage_case", args=[case.code]),
                due_on=timezone.localdate(case.updated_at) + REVIEW_WITHIN,
                action=pgettext("button", "Review"),
            )
    for secondment in Secondment.objects.worked_on_by(user).running().with_people().with_items():
        roles = roles_of(user, secondment)
        name = secondment.trainee.name
        for item in items_for(user, secondment):
            yield WaitingItem(
                title=_("%(name)s: sign “%(item)s”")
                % {
                    "name": name,
                    "item": item.get_kind_display(),
                },
                detail=_("%(host)s; handed in on %(day)s")
                % {
                    "host": secondment.host_name,
                    "day": short_day(item.handed_in_at),
                },
                url=item.get_absolute_url(),
                due_on=item.due_on,
                action=pgettext("button", "Look and sign"),
            )
        for item in secondment.items_in_order if SignOffRole.HOST in roles else ():
            if (
                item.kind == ItemKind.APPRAISAL
                and not item.is_signed
                and (
                    today >= item.due_on - APPRAISAL_IN_SIGHT or item.status == ItemStatus.SENT_BACK
                )
            ):
                yield WaitingItem(
                    title=_("%(name)s: write the appraisal") % {"name": name},
                    detail=_("The secondment ends on %(day)s")
                    % {"day": short_day(secondment.ends_on)},
                    url=item.get_absolute_url(),
                    due_on=item.due_on,
                    action=pgettext("button", "Write"),
                )
        if SignOffRole.ACADEMY in roles and not missing_items(secondment):
            yield WaitingItem(
                title=_("%(name)s: all seven are done, close the secondment") % {"name": name},
                detail=secondment.host_name,
                url=secondment.get_absolute_url(),
                due_on=secondment.ends_on,
                action=pgettext("button", "Close the file"),
            )
