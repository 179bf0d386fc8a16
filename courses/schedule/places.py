"""Where classes are held: at the campuses of their lessons, which need not be the one that runs
them.
"""

from collections.abc import Iterable

from ..models import Lesson, TrainingClass


def load_places(classes: Iterable[TrainingClass]) -> None:
    """Give each class its `places`; one query for all that do not know them yet."""
    classes = [item for item in classes if "places" not in vars(item)]
    if not classes:
        return
    lessons_of: dict[int, list[Lesson]] = {item.pk: [] for item in classes}
    lessons = Lesson.objects.filter(training_class__in=lessons_of).select_related(
        "venue__campus__town"
    )
    for lesson in lessons.order_by("starts_at", "pk"):
        lessons_of[lesson.training_class_id].append(lesson)
    for item in classes:
        item.places = item.places_of(lessons_of[item.pk])
