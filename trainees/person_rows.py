"""Bookings, hours, posts and what else two entries of one person have."""

from django.db.models import Exists, OuterRef, Q

from academy.person_rows import ACTED

from .models import Posting

# In this order. The profile moves as a whole where the one who stays has none; otherwise its parts
# do.
MOVES = (
    "trainees.Trainee.user",
    "trainees.Enrolment.trainee",
    "trainees.HourEntry.trainee",
    "trainees.Certificate.trainee",
    "trainees.HourClaim.trainee",
    "trainees.StageDecision.trainee",
    "trainees.Nomination.trainee",
    "trainees.Posting.trainee",
    "trainees.LightAccount.trainee",
    "trainees.CalendarFeed.trainee",
    "trainees.Follow.trainee",
    "trainees.Interest.trainee",
    "trainees.RepeatExemption.trainee",
    "trainees.NoShowAppeal.trainee",
    "trainees.Nomination.nominated_by",  # is told who does not come
    "trainees.Deputy.approver",
    "trainees.Deputy.person",
    "trainees.ExportTemplate.owner",
    "trainees.EvaluationAnswered.trainee",
    "trainees.UseFollowUp.trainee",
    "trainees.Improvement.responsible",
)
STAYS = {
    "trainees.Improvement.added_by": ACTED,
    "trainees.Improvement.done_by": ACTED,
    "trainees.QueueGroup.created_by": ACTED,
    "trainees.Enrolment.booked_by": ACTED,
    "trainees.EnrolmentEvent.by": ACTED,
    "trainees.ApprovalStep.by": ACTED,
    "trainees.ApprovalStep.on_behalf_of": ACTED,
    "trainees.Attendance.marked_by": ACTED,
    "trainees.AttendanceChange.by": ACTED,
    "trainees.SentMark.sent_by": ACTED,
    "trainees.ClassGrouping.drawn_by": ACTED,
    "trainees.Discussion.set_by": ACTED,
    "trainees.DiscussionSheet.written_by": ACTED,
    "trainees.DiscussionSheet.commented_by": ACTED,
    "trainees.RollLock.locked_by": ACTED,
    "trainees.RollLock.reopened_by": ACTED,
    "trainees.ClassMessage.sent_by": ACTED,
    "trainees.HourEntry.posted_by": ACTED,
    "trainees.HourClaim.asked_by": ACTED,
    "trainees.HourClaim.decided_by": ACTED,
    "trainees.StageDecision.decided_by": ACTED,
    "trainees.Certificate.issued_by": ACTED,
    "trainees.Certificate.revoked_by": ACTED,
    "trainees.LessonMaterial.added_by": ACTED,
    "trainees.SheetPhoto.added_by": ACTED,
    "trainees.LateWithdrawal.asked_by": ACTED,
    "trainees.LateWithdrawal.decided_by": ACTED,
    "trainees.RepeatExemption.asked_by": ACTED,
    "trainees.RepeatExemption.decided_by": ACTED,
    "trainees.NoShowAppeal.asked_by": ACTED,
    "trainees.NoShowAppeal.decided_by": ACTED,
    "trainees.LeaveRequest.asked_by": ACTED,
    "trainees.LeaveRequest.decided_by": ACTED,
    "trainees.MakeUp.booked_by": ACTED,
    "trainees.MakeUp.marked_by": ACTED,
    "trainees.AbsenceAppeal.asked_by": ACTED,
    "trainees.AbsenceAppeal.decided_by": ACTED,
}


def _not_with_its_booking(survivor: int, away: int) -> Q:
    """Hours and nominations stay with the booking that they are of."""
    return Q(enrolment__isnull=False) & ~Q(enrolment__trainee=survivor)


def _same_post(survivor: int, away: int) -> Q:
    """The same post in the same unit, both held now, or both from day to day the same."""
    same = Posting.objects.filter(
        trainee=survivor, village=OuterRef("village"), position=OuterRef("position")
    )
    held = same.filter(valid_to__isnull=True)
    past = same.filter(valid_from=OuterRef("valid_from"), valid_to=OuterRef("valid_to"))
    return Q(valid_to__isnull=True) & Q(Exists(held)) | Q(Exists(past))


LEFT = {
    "trainees.HourEntry.trainee": _not_with_its_booking,
    "trainees.Nomination.trainee": _not_with_its_booking,
    "trainees.Posting.trainee": _same_post,
    "trainees.Deputy.approver": lambda survivor, away: Q(person=survivor),
    "trainees.Deputy.person": lambda survivor, away: Q(approver=survivor),
}
