"""What waits for a person at /manage/: hand-ins to sign, appraisals to write, files to close."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.colleagues import colleagues_of
from academy.templatetags.portal_tags import short_day
from academy.waiting import Fold, HeldItem, WaitingItem, WaitingKind

from .models import (
    CaseStatus,
    ItemKind,
    ItemStatus,
    PracticeCase,
    Secondment,
    SevenItem,
    SignOffRole,
)
from .seven_items.board import items_for
from .seven_items.signers import missing_items, roles_of, whose_turn

MOST = 1_000  # cases; whoever has more begins with these
PLACE = "practicums:board"
# of a case that was handed in: the office's own promise, as for courses
REVIEW_WITHIN = timedelta(days=10)
APPRAISAL_IN_SIGHT = timedelta(days=14)  # before its day the host sees it among the things to do


def waiting_for(user, now: datetime) -> Iterable[WaitingItem]:
    today = timezone.localdate(now)
    if user.has_perm("practicums.publish_practicecase"):
        address = reverse("practicums:manage_cases")
        fold = Fold("cases", _("Cases to review"), address, pgettext("button", "Review"))
        for case in PracticeCase.objects.filter(status=CaseStatus.IN_REVIEW).order_by(
            "updated_at", "pk"
        )[:MOST]:
            yield WaitingItem(
                title=_("Review the case “%(title)s”") % {"title": case.title},
                detail=case.theme,
                url=reverse("practicums:manage_case", args=[case.code]),
                due_on=timezone.localdate(case.updated_at) + REVIEW_WITHIN,
                action=pgettext("button", "Review"),
                kind=WaitingKind.REVIEW,
                place="practicums:manage_cases",
                others=colleagues_of(user).in_office(),
                fold=fold,
                short=case.title,
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
                kind=WaitingKind.SIGN,
                place=PLACE,
                fold=Fold(
                    f"sign:{item.kind}",
                    _("To sign: “%(item)s”") % {"item": item.get_kind_display()},
                    reverse(PLACE),
                    pgettext("button", "One by one"),
                ),
                short=name,
                **_who_signs(user, secondment, item),
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
                    kind=WaitingKind.APPRAISE,
                    place=PLACE,
                    others=_hosts(user, secondment),
                )
        if SignOffRole.ACADEMY in roles and not missing_items(secondment):
            yield WaitingItem(
                title=_("%(name)s: all seven are done, close the secondment") % {"name": name},
                detail=secondment.host_name,
                url=secondment.get_absolute_url(),
                due_on=secondment.ends_on,
                action=pgettext("button", "Close the file"),
                place=PLACE,
                others=colleagues_of(user).in_office(),
            )


def _hosts(user, secondment: Secondment) -> tuple[str, ...]:
    """Who else acts for the host; for one outside the academy office does."""
    colleagues = colleagues_of(user)
    if secondment.host_is_outside:
        return colleagues.in_office()
    return colleagues.of_department(secondment.host_department_id)


def _who_signs(user, secondment: Secondment, item: SevenItem) -> dict:
    """Who else could sign now."""
    role = whose_turn(item)
    if role == SignOffRole.MENTOR:
        return {"only_me": True}
    if role == SignOffRole.ACADEMY:
        return {"others": colleagues_of(user).in_office()}
    return {"others": _hosts(user, secondment)}


def waits_elsewhere(user, now: datetime) -> Iterable[HeldItem]:
    """Hand-ins that another signs, in the secondments one works on."""
    for secondment in Secondment.objects.worked_on_by(user).running().with_people().with_items():
        mine = roles_of(user, secondment)
        for item in secondment.items_in_order:
            role = whose_turn(item)
            if role is None or role in mine:
                continue
            yield HeldItem(
                who=_signer(secondment, role),
                title=_("%(name)s: sign “%(item)s”")
                % {"name": secondment.trainee.name, "item": item.get_kind_display()},
                url=item.get_absolute_url(),
                since=timezone.localdate(item.handed_in_at) if item.handed_in_at else None,
            )


def _signer(secondment: Secondment, role: SignOffRole) -> str:
    if role == SignOffRole.MENTOR and secondment.mentor:
        return secondment.mentor.name
    return secondment.host_name if role == SignOffRole.HOST else str(role.label)
