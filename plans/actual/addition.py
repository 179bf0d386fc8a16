"""An item that adds a held or announced class to a plan, filled in from the class."""

from decimal import Decimal

from django.utils import timezone

from courses.models import TrainingClass


def fields_from(training_class: TrainingClass) -> dict:
    """What the form of an item begins with: the class as one run, in the words of a plan."""
    lessons = list(training_class.lessons.select_related("course_version", "venue__campus"))
    days = {timezone.localdate(lesson.starts_at) for lesson in lessons}
    months = sorted({day.month for day in days})
    people = sum(
        1 for _row in training_class.enrolments.filter(hour_entries__isnull=False).distinct()
    )
    return {
        "name": training_class.title,
        "audience": "、".join(training_class.audiences.values_list("name", flat=True)),
        "people": people or training_class.capacity,
        "runs": 1,
        "months": "、".join(f"{month}月" for month in months),
        "days": Decimal(len(days) or 1),
        "hours": training_class.hours,
        "place": training_class.place[:200],
        "content": "、".join(dict.fromkeys(lesson.title for lesson in lessons))[:2000],
    }
