"""The words by which plans are compared."""

from django.utils.translation import gettext_lazy as _

from academy.table_pages.table import Vocabulary

from .models import AudienceGroup
from .overlaps.usual_groups import LINES, fields_of


class AudienceGroups(Vocabulary):
    slug, model = "audience-groups", AudienceGroup
    title, one = _("Groups of people in plans"), _("New group of people")
    about = _(
        "Whom trainings are for, with other words for them and the wider groups they belong to."
        " Plans are compared by these words."
    )
    shown = ("words", "within")
    fields = ("name", "words", "within")
    usual = LINES
    usual_help = _("The name, a colon, other words; in brackets the wider groups.")
    counts_uses = False

    def row_of(self, line: str) -> dict[str, str]:
        return fields_of(line)


TABLES = [AudienceGroups]
