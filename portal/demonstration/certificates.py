"""Certificates of some closed classes, and of a year; one of them is revoked."""

from datetime import datetime, timedelta

from django.utils import timezone

from academy.models import User
from courses.models import ClassStatus, TrainingClass
from trainees.certificates.issuing import issue_for_class, issue_for_year, revoke
from trainees.models import EnrolmentStatus, Trainee

CLASSES = 4


def issue_certificates(now: datetime, office: User, cadre: Trainee) -> None:
    """Of the last closed classes but the very last, of those that the cadre completed, and of the
    year for the cadre's street-town. The certificate of another person is revoked.
    """
    closed = TrainingClass.objects.filter(status=ClassStatus.CLOSED).order_by("-ends_at", "code")
    own = closed.filter(enrolments__trainee=cadre, enrolments__status=EnrolmentStatus.COMPLETED)
    issued = []
    for item in sorted({*closed[1 : CLASSES + 1], *own}, key=lambda item: item.ends_at):
        issued += issue_for_class(
            training_class=item, by=office, now=min(item.ends_at + timedelta(days=2), now)
        )
    others = [row for row in issued if row.trainee_id != cadre.pk]
    if others:
        revoke(
            certificate=others[0],
            reason="示例：登记有误，已更正",
            by=office,
            now=now - timedelta(days=1),
        )
    year = timezone.localdate(now).year
    issue_for_year(year=year, town=cadre.village.town, by=office, now=now - timedelta(hours=1))
