"""Public projects as the search finds them."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from academy.search.index import Findable, SearchSource

from .models import Project


class ProjectSource(SearchSource):
    """A project is found by its name, its topic and its place."""

    kind = "project"
    label = _("Project of 先锋行动")

    def entries(self) -> Iterator[Findable]:
        for project in Project.objects.published().with_place():
            yield Findable(
                project.code,
                project.title,
                project.get_absolute_url(),
                [
                    project.village.name,
                    project.town.name,
                    *([project.topic.name] if project.topic else []),
                ],
                text=project.summary,
            )


SOURCES = [ProjectSource]
