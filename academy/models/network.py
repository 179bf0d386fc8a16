"""The campus network: street-towns, villages, departments, campuses and their venues."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..text.codes import CodeField, code_constraint


def on_the_day(day: date, prefix: str = "") -> Q:
    """Rows whose validity covers the day; an empty end means "until further notice"."""
    return Q(**{f"{prefix}valid_from__lte": day}) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day})
    )


class TownKind(models.TextChoices):
    SUBDISTRICT = "subdistrict", _("Subdistrict")
    TOWN = "town", pgettext_lazy("kind of place", "Town")
    INDUSTRIAL_PARK = "industrial_park", _("Industrial park")


class Town(models.Model):
    """A street-town (街镇), or the industrial park that has villages but no salon."""

    code = CodeField(_("code"), max_length=9, unique=True)
    name = models.CharField(_("name"), max_length=40)
    kind = models.CharField(_("kind"), max_length=20, choices=TownKind)
    # clockwise from the north-west
    map_order = models.PositiveSmallIntegerField(_("place on the network picture"), default=0)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("town")
        verbose_name_plural = _("towns")
        constraints = [code_constraint(name="town_code_fits_addresses")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("portal:town", args=[self.code])


class TownBorder(models.Model):
    """Two street-towns that border each other; one row serves both ways. It orders lists of classes
    (`academy/nearness.py`) and nothing else.
    """

    town = models.ForeignKey(Town, models.PROTECT, related_name="+", verbose_name=_("town"))
    neighbour = models.ForeignKey(
        Town, models.PROTECT, related_name="+", verbose_name=_("bordering street-town")
    )
    source = models.CharField(
        _("source"), max_length=120, help_text=_("The map or document that says so.")
    )
    active = models.BooleanField(pgettext_lazy("town borders", "in use"), default=True)

    class Meta:
        ordering = ["town__code", "neighbour__code"]
        verbose_name = _("town border")
        verbose_name_plural = _("town borders")
        constraints = [
            models.CheckConstraint(
                condition=~Q(town=F("neighbour")),
                name="no_town_borders_itself",
                violation_error_message=_("Choose two different street-towns."),
            ),
            models.UniqueConstraint(
                Least("town", "neighbour"),
                Greatest("town", "neighbour"),
                name="one_row_per_town_border",
                violation_error_message=_(
                    "There is a row for these two, in use or out of use. One row serves both ways."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.town} — {self.neighbour}"


class VillageKind(models.TextChoices):
    NEIGHBOURHOOD = "neighbourhood", _("Neighbourhood committee")
    VILLAGE = "village", _("Village committee")


class VillageQuerySet(models.QuerySet):
    def current(self, today: date) -> Self:
        return self.filter(on_the_day(today))


class Village(models.Model):
    """A neighbourhood or village (居村).

    Units split, merge and are renamed, so each has its dates.
    """

    code = CodeField(_("code"), max_length=12, unique=True)
    town = models.ForeignKey(Town, models.PROTECT, related_name="villages", verbose_name=_("town"))
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=20, choices=VillageKind)
    valid_from = models.DateField(_("valid from"), default=date(2000, 1, 1))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = VillageQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = pgettext_lazy("unit", "village")
        verbose_name_plural = pgettext_lazy("unit", "villages")
        constraints = [code_constraint(name="village_code_fits_addresses")]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A district department (委办局)."""

    code = CodeField(_("code"), max_length=10, unique=True)
    name = models.CharField(_("name"), max_length=60)
    short_name = models.CharField(_("short name"), max_length=20)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints = [code_constraint(name="department_code_fits_addresses")]

    def __str__(self) -> str:
        return self.name


class CampusKind(models.TextChoices):
    COLLEGE = "college", _("Main college")
    BRANCH = "branch", _("Branch")
    SALON = "salon", _("Governance salon")


class Motif(models.TextChoices):
    """What the drawing of a place shows: of what sort it is, not its building."""

    HALL = "hall", pgettext_lazy("drawing of a place", "Hall")
    TABLE = "table", pgettext_lazy("drawing of a place", "Round table")
    TOWERS = "towers", pgettext_lazy("drawing of a place", "Tall houses")
    ROWS = "rows", pgettext_lazy("drawing of a place", "Rows of workers' houses")
    LIFT = "lift", pgettext_lazy("drawing of a place", "House with a new lift")
    BOAT = "boat", pgettext_lazy("drawing of a place", "Waterfront")
    WORKS = "works", pgettext_lazy("drawing of a place", "Works")
    VILLAGE = "village", pgettext_lazy("drawing of a place", "Village house")
    FIELDS = "fields", pgettext_lazy("drawing of a place", "Fields")
    GARDEN = "garden", pgettext_lazy("drawing of a place", "Garden")
    COURIER = "courier", pgettext_lazy("drawing of a place", "Courier")
    DOOR = "door", pgettext_lazy("drawing of a place", "Staircase door")
    TALK = "talk", pgettext_lazy("drawing of a place", "Talk")
    DRAWING = "drawing", pgettext_lazy("drawing of a place", "Plan and pencil")
    MAST = "mast", pgettext_lazy("drawing of a place", "Mast with signals")
    KEY = "key", pgettext_lazy("drawing of a place", "House and key")
    STAR = "star", pgettext_lazy("drawing of a place", "House with a star")


class Campus(models.Model):
    """A place of teaching of the 1+4+12 network: the college, a themed branch, or a town's
    salon.
    """

    code = CodeField(_("code"), max_length=10, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=CampusKind)
    name = models.CharField(_("name"), max_length=60)
    # for the network picture
    short_name = models.CharField(_("short name"), max_length=6, blank=True)
    theme = models.CharField(_("theme"), max_length=80, blank=True)
    town = models.ForeignKey(Town, models.PROTECT, related_name="campuses", verbose_name=_("town"))
    host_organisation = models.CharField(_("host organisation"), max_length=80, blank=True)
    address = models.CharField(_("address"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    opening_hours = models.CharField(_("opening hours"), max_length=80, blank=True)
    capacity = models.PositiveIntegerField(_("capacity (persons)"), default=0)
    # empty: that of the kind (academy/place_signs.py)
    motif = models.CharField(_("drawing"), max_length=10, choices=Motif, blank=True)
    # degrees, as maps of China give them (GCJ-02); without them a map looks for the address
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=6, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("campus")
        verbose_name_plural = _("campuses")
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(kind="college", ended_on__isnull=True),
                name="one_college",
                violation_error_message=_("There is a main college already. Close that one first."),
            ),
            models.UniqueConstraint(
                fields=["town"],
                condition=Q(kind="salon", ended_on__isnull=True),
                name="one_salon_per_town",
                violation_error_message=_(
                    "This street-town has a salon already. Close that one first."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=CampusKind.values), name="campus_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(motif__in=["", *Motif.values]), name="campus_motif_is_known"
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="campus_has_both_coordinates",
                violation_error_message=_(
                    "A place on the map needs its latitude (such as 31.405) and its longitude"
                    " (such as 121.489)."
                ),
            ),
            code_constraint(name="campus_code_fits_addresses"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("portal:campus", args=[self.code])


class Venue(models.Model):
    """A room (教室). `immersive` marks a practice classroom (沉浸式实训课堂)."""

    code = CodeField(_("code"), max_length=10, unique=True)
    campus = models.ForeignKey(
        Campus, models.PROTECT, related_name="venues", verbose_name=_("campus")
    )
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=20, blank=True)
    floor = models.CharField(_("floor"), max_length=20, blank=True)
    capacity = models.PositiveIntegerField(_("capacity (persons)"))
    immersive = models.BooleanField(_("practice classroom"), default=False)
    immersive_topic = models.CharField(_("practice topic"), max_length=60, blank=True)
    equipment = models.CharField(_("equipment"), max_length=200, blank=True)
    step_free = models.BooleanField(_("step-free access"), default=False)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        constraints = [code_constraint(name="venue_code_fits_addresses")]

    def __str__(self) -> str:
        return self.name
