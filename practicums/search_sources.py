"""Published cases as the search finds them."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from academy.search.index import Findable, SearchSource

from .models import PracticeCase


class CaseSource(SearchSource):
    """A case is found by its title, its theme and the courses that teach what it did."""

    kind = "case"
    label = _("Case")
    answers = True

    def entries(self) -> Iterator[Findable]:
        for case in PracticeCase.objects.published().prefetch_related("courses"):
            yield Findable(
                case.code,
                case.title,
                case.get_absolute_url(),
                [case.theme, *(course.title for course in case.courses.all())],
                text=case.problem,
            )


SOURCES = [CaseSource]
