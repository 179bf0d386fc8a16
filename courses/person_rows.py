"""Experts and topics asked for, of two entries of one person."""

from academy.person_rows import ACTED

MOVES = (
    "courses.Expert.user",
    "courses.LessonTeacher.person",
    "courses.TopicRequest.asked_by",
)
STAYS = {
    "courses.CourseVersion.published_by": ACTED,
    "courses.CourseChange.updated_by": ACTED,
    "courses.CourseStep.by": ACTED,
    "courses.TopicRequest.answered_by": ACTED,
}
