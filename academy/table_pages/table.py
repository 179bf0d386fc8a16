"""What a kept table is: its model, what its form and its list show, and who keeps it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..access import is_administrator, is_office
from ..search import index
from ..table_names import names_have_changed
from ..templatetags.portal_tags import full_day
from ..text.numbers import plain


class Area(models.TextChoices):
    """Which page of /manage/ a table stands on."""

    NETWORK = "network", pgettext_lazy("kept tables", "Network")
    VOCABULARIES = "vocabularies", pgettext_lazy("kept tables", "Vocabularies")
    RULES = "rules", pgettext_lazy("kept tables", "Rules")


ADMINISTRATORS = gettext_lazy("Administrators change this table; the academy office may read it.")
OFFICE = gettext_lazy("The academy office changes this table.")


class MasterTable:
    """One kept table; an app lists its own in `kept_tables.py`."""

    slug: str
    area: str
    model: type[models.Model]
    title: str  # of the list
    one: str  # of a new row, as a heading
    about = ""
    empty = ""  # what an empty list says below that it is empty
    shown: tuple[str, ...] = ()  # fields that the list shows beside the name
    fields: tuple[str, ...]  # of the form, in its order
    lasting: tuple[str, ...] = ("code",)  # fields that never change once the row is there
    found_by: tuple[str, ...] = ("name",)
    narrowed_by = ""  # a field that points at what the list may be narrowed to
    related: tuple[str, ...] = ()
    ordered = False  # whether staff move rows up and down; the field is sort_order
    ends = ""  # the field that says a row is out of use: a switch that is off, or a day
    may_add = True
    counts_uses = True
    importer = ""  # kind of the import that loads the table
    searched_as: tuple[str, ...] = ()  # kinds of the search index to write anew
    help_texts: dict[str, str] = {}
    keepers: Callable = staticmethod(is_office)
    who = OFFICE

    # -- who --

    def may_keep(self, user) -> bool:
        return self.keepers(user)

    # -- rows --

    def rows(self) -> models.QuerySet:
        found = self.model._default_manager.all()
        if not found.ordered:
            found = found.order_by("pk")
        return found.select_related(*self.related) if self.related else found

    @property
    def ends_on_a_day(self) -> bool:
        return isinstance(self.model._meta.get_field(self.ends), models.DateField)

    def retired(self) -> Q:
        """Which rows are out of use."""
        if not self.ends:
            return Q(pk__in=())
        return ~Q(**{f"{self.ends}__isnull": True}) if self.ends_on_a_day else Q(active=False)

    def is_retired(self, item: models.Model) -> bool:
        if not self.ends:
            return False
        value = getattr(item, self.ends)
        return value is not None if self.ends_on_a_day else not value

    def put_out_of_use(self, item: models.Model, day: date) -> None:
        setattr(item, self.ends, day if self.ends_on_a_day else False)

    def put_into_use(self, item: models.Model) -> None:
        setattr(item, self.ends, None if self.ends_on_a_day else True)

    def name_of(self, item: models.Model) -> str:
        return str(item)

    def lasting_of(self, item: models.Model) -> list[tuple[str, object]]:
        """(words, value) of what never changes, where the row has it."""
        fields = {field.name: field for field in self.model._meta.concrete_fields}
        return [
            (fields[name].verbose_name, getattr(item, name))
            for name in self.lasting
            if name in fields
        ]

    # -- what a change does --

    def effects(self, form) -> list[str]:
        """Sentences on what saving the form changes for others; with any, the page asks first."""
        return []

    def settle(self) -> None:
        """Bring up to date what is derived from the rows, in the transaction of the change."""
        if self.searched_as:
            index.rebuild(self.searched_as)
        names_have_changed.send(type(self))

    def shown_value(self, item: models.Model, name: str):
        """A field of a row as the list shows it."""
        field = self.model._meta.get_field(name)
        if field.choices:
            return getattr(item, f"get_{name}_display")()
        value = getattr(item, name)
        if isinstance(field, models.BooleanField):
            return _("yes") if value else ""
        if isinstance(value, date):
            return full_day(value)
        if isinstance(value, Decimal):
            return plain(value)
        return "" if value is None else value


class NetworkPages(MasterTable):
    """A table of the network: administrators keep it. Source: docs/rules.md R11."""

    area, ends, keepers, who = (
        Area.NETWORK,
        "ended_on",
        staticmethod(is_administrator),
        (ADMINISTRATORS),
    )
    found_by = ("name", "code")
    searched_as = ("village", "campus", "room", "department", "page")


class Vocabulary(MasterTable):
    """A list of words: the office keeps and orders it."""

    area, ends, ordered = Area.VOCABULARIES, "active", True
    fields: tuple[str, ...] = ("name",)
    usual: tuple[str, ...] = ()  # lines that an empty list is offered to begin with
    usual_help = ""
    unlike: tuple[str, ...] = ("name",)  # fields that no two rows share

    def row_of(self, line: str) -> dict[str, str]:
        """The fields that a line of the usual words stands for."""
        return {"name": line}


class RulePages(MasterTable):
    """Rows that say what is asked of people: administrators keep them."""

    area, keepers, who = Area.RULES, staticmethod(is_administrator), ADMINISTRATORS
