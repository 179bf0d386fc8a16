"""Courses, classes, service items and experts as the search finds them."""

from collections import defaultdict
from collections.abc import Iterator

from dateutil.relativedelta import relativedelta
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from academy.search.index import Findable, SearchSource
from academy.spreadsheets.csv_files import LIST_SEPARATOR

from .models import (
    FINDABLE_CLASSES,
    Course,
    Expert,
    Lesson,
    LessonTeacher,
    ServiceItem,
    TrainingClass,
)

YEARS_FOUND = 1  # a class that began longer ago stands in the lists of its year


class CourseSource(SearchSource):
    """A course is found by its title, its topic, and the words of its service items."""

    kind = "course"
    label = _("Course")
    answers = True

    def entries(self) -> Iterator[Findable]:
        for course in Course.objects.published().prefetch_related("service_items"):
            items = [
                word
                for item in course.service_items.all()
                for word in (item.name, *item.keywords.split(LIST_SEPARATOR))
            ]
            yield Findable(
                course.code,
                course.title,
                course.get_absolute_url(),
                items,
                topics=[course.immersive_topic],
                text=f"{course.summary} {course.objectives}",
                shares=[item.code for item in course.service_items.all()],
            )


class ClassSource(SearchSource):
    """A class is found by its title, its kind, what its lessons teach and who teaches them.

    That is so for YEARS_FOUND years; older ones have lists of their own by year and season.
    """

    kind = "class"
    label = _("Training class")

    def entries(self) -> Iterator[Findable]:
        since = timezone.now() - relativedelta(years=YEARS_FOUND)
        classes = TrainingClass.objects.filter(
            Q(starts_at__isnull=True) | Q(starts_at__gt=since), status__in=FINDABLE_CLASSES
        )
        lessons = defaultdict(list)
        taught = Lesson.objects.filter(training_class__in=classes.order_by())
        for class_id, title in taught.values_list("training_class", "course_version__title"):
            lessons[class_id].append(title)
        teachers = LessonTeacher.objects.filter(expert__published=True, lesson__in=taught)
        names = defaultdict(list)
        for class_id, name in (
            teachers.order_by().values_list("lesson__training_class", "expert__name").distinct()
        ):
            names[class_id].append(name)
        for item in classes.select_related("programme", "campus"):
            around = [
                item.programme.name if item.programme else "",
                item.campus.name,
                *names[item.pk],
            ]
            yield Findable(
                item.code, item.title, item.get_absolute_url(), around, topics=lessons[item.pk]
            )


class ServiceItemSource(SearchSource):
    """A service item leads to its page: to the courses and classes that teach it, or to the place
    where one asks for them.
    """

    kind = "service"
    label = _("Service item")
    answers = True

    def entries(self) -> Iterator[Findable]:
        for item in ServiceItem.objects.all():
            yield Findable(
                item.code,
                item.name,
                item.get_absolute_url(),
                topics=[item.question, *item.keywords.split(LIST_SEPARATOR)],
            )


def expert_words(expert: Expert) -> list[str]:
    """Return what an expert is found by besides the name."""
    return [expert.category, *expert.specialities.split(LIST_SEPARATOR)]


class ExpertSource(SearchSource):
    """Published experts lead to their pages: their names are public, their numbers are not."""

    kind = "expert"
    label = _("Expert")

    def entries(self) -> Iterator[Findable]:
        for expert in Expert.objects.filter(published=True).select_related("village"):
            yield Findable(
                expert.code, expert.name, expert.get_absolute_url(), expert_words(expert)
            )


SOURCES = [CourseSource, ClassSource, ServiceItemSource, ExpertSource]
