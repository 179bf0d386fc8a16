"""Who and where: the campus network, the vocabularies, people and what each of them may do."""

from datetime import date
from typing import Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .text.codes import CodeField, code_constraint
from .text.phones import masked, mobile_in, mobile_number


def on_the_day(day: date, prefix: str = "") -> Q:
    """Rows whose validity covers the day; an empty end means "until further notice"."""
    return Q(**{f"{prefix}valid_from__lte": day}) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day})
    )


# --- Places ---------------------------------------------------------------------------------------


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
            ),
            models.UniqueConstraint(
                fields=["town"],
                condition=Q(kind="salon", ended_on__isnull=True),
                name="one_salon_per_town",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=CampusKind.values), name="campus_kind_is_known"
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


# --- Vocabularies ---------------------------------------------------------------------------------


class Term(models.Model):
    """A row of an editable vocabulary, shown in `position` order."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    sort_order = models.PositiveIntegerField(_("order"), default=0)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        abstract = True
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.name


class Position(Term):
    """A post (岗位), such as 居民区书记."""

    class Meta(Term.Meta):
        verbose_name = pgettext_lazy("post", "position")
        verbose_name_plural = pgettext_lazy("post", "positions")


class GrowthStage(Term):
    """A growth stage (成长阶段), such as 新任."""

    class Meta(Term.Meta):
        verbose_name = _("growth stage")
        verbose_name_plural = _("growth stages")


class LearnerGroup(Term):
    """A group that is no cadre's but may learn (业委会成员, 志愿者 and the like).

    Whoever joins chooses among those in use.
    """

    class Meta(Term.Meta):
        verbose_name = _("learners' group")
        verbose_name_plural = _("learners' groups")


# --- People ---------------------------------------------------------------------------------------


class UserManager(BaseUserManager):
    def create_user(
        self, phone: str, name: str = "", password: str | None = None, **fields
    ) -> "User":
        user = self.model(phone=mobile_in(phone), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, phone: str, name: str = "", password: str | None = None, **fields
    ) -> "User":
        return self.create_user(phone, name, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who logs in.

    The key is the identity; the phone is a unique login that may change.
    """

    phone = models.CharField(
        _("mobile number"),
        max_length=11,
        unique=True,
        validators=[mobile_number],
        error_messages={"unique": _("This mobile number is already used by another person.")},
    )
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=40)
    is_sample = models.BooleanField(_("sample person"), default=False)
    is_active = models.BooleanField(_("may log in"), default=True)
    is_staff = models.BooleanField(_("may open the vocabulary pages"), default=False)
    date_joined = models.DateTimeField(_("joined at"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "phone"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name

    @property
    def masked_phone(self) -> str:
        """138****5678: what everyone but the owner sees. Source: docs/rules.md R12."""
        return masked(self.phone)


class Role(models.TextChoices):
    VILLAGE_COORDINATOR = "village_coordinator", _("Village coordinator")
    BRANCH_COORDINATOR = "branch_coordinator", _("Branch coordinator")
    TOWN_STAFF = "town_staff", _("Town staff")
    DEPARTMENT_STAFF = "department_staff", _("Department staff")
    DISTRICT_STAFF = "district_staff", _("District staff")
    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Auditor")


OFFICE = (Role.DISTRICT_STAFF, Role.ADMINISTRATOR)
DISTRICT_WIDE = (Role.DISTRICT_STAFF, Role.ADMINISTRATOR, Role.AUDITOR)


def _scope_fits(roles: tuple[str, ...], filled: str | None) -> Q:
    empty = {
        f"{name}__isnull": name != filled for name in ("village", "campus", "town", "department")
    }
    return Q(role__in=roles, **empty)


class RoleGrantQuerySet(models.QuerySet):
    def current(self, today: date) -> Self:
        return self.filter(on_the_day(today))


class RoleGrant(models.Model):
    """What a person may do, where, and from when to when.

    A grant on a town covers its villages and its salon.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    village = models.ForeignKey(
        Village,
        models.PROTECT,
        related_name="grants",
        null=True,
        blank=True,
        verbose_name=pgettext_lazy("unit", "village"),
    )
    campus = models.ForeignKey(
        Campus,
        models.PROTECT,
        related_name="grants",
        null=True,
        blank=True,
        verbose_name=_("campus"),
    )
    town = models.ForeignKey(
        Town, models.PROTECT, related_name="grants", null=True, blank=True, verbose_name=_("town")
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="grants",
        null=True,
        blank=True,
        verbose_name=_("department"),
    )
    valid_from = models.DateField(_("valid from"), default=timezone.localdate)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("role grant")
        verbose_name_plural = _("role grants")
        constraints = [
            models.CheckConstraint(
                condition=_scope_fits((Role.VILLAGE_COORDINATOR,), "village")
                | _scope_fits((Role.BRANCH_COORDINATOR,), "campus")
                | _scope_fits((Role.TOWN_STAFF,), "town")
                | _scope_fits((Role.DEPARTMENT_STAFF,), "department")
                | _scope_fits(DISTRICT_WIDE, None),
                name="grant_scope_fits_the_role",
                violation_error_message=_(
                    "Choose exactly the one place that this role works for; a district-wide role"
                    " has none."
                ),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="grant_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.scope or _('district')}"

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def scope(self) -> Village | Campus | Town | Department | None:
        return self.village or self.campus or self.town or self.department


# --- What the search finds ------------------------------------------------------------------------


class SearchEntry(models.Model):
    """One findable thing; `academy/search/index.py` fills the table from every app's
    `search_sources.py`.
    """

    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    url = models.CharField(max_length=200)
    # the permission of those who may be told of it; empty: everybody
    audience = models.CharField(max_length=60, blank=True)
    # what it is found by, normalised: the title, its topics, other words, its names, a line each
    words = models.TextField()
    # the same character by character, every reading; its first letters are the initials
    pinyin = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], name="one_search_entry_per_thing")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


class SearchVersion(models.Model):
    """The one row that changes whenever the index does, so that a process knows whether what it
    remembers still stands.
    """

    token = models.UUIDField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_search_version")]

    def __str__(self) -> str:
        return str(self.token)


# --- How often something was tried ----------------------------------------------------------------


class Tally(models.Model):
    """When one thing was tried lately, such as the password of one account;
    `academy/accounts/lockout.py` counts with it.
    """

    key = models.CharField(max_length=64, primary_key=True)  # a digest: no phone, no address
    tried_at = models.JSONField(default=list)  # seconds since 1970, oldest first
    kept_until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key


# --- Imports --------------------------------------------------------------------------------------


class ImportStatus(models.TextChoices):
    PREVIEWED = "previewed", pgettext_lazy("of an import", "Not imported yet")
    IMPORTED = "imported", pgettext_lazy("of an import", "Imported")
    UNDONE = "undone", pgettext_lazy("of an import", "Undone")
    DISCARDED = "discarded", pgettext_lazy("of an import", "Put away")


class RowOutcome(models.TextChoices):
    NEW = "new", pgettext_lazy("row of an import", "New")
    CHANGED = "changed", pgettext_lazy("row of an import", "Changed")
    SAME = "same", pgettext_lazy("row of an import", "As before")
    REJECTED = "rejected", pgettext_lazy("row of an import", "Cannot")


WRITTEN = (RowOutcome.NEW, RowOutcome.CHANGED)


class ImportRun(models.Model):
    """A file somebody previewed, and what became of it. `kind` names the importer; a run of a
    command has no user.

    `context` says what the importer must know besides the file, such as whose plan it is and of
    which year; `choices` what the person answered on the preview, `questions` what is still asked
    there. The bytes of the file stay until it is imported or put away. `before` holds every row
    that the import was about to touch, for undoing; `after` is the digest of those rows right after
    it.
    """

    kind = models.CharField(_("kind"), max_length=20)
    user = models.ForeignKey(
        User,
        models.PROTECT,
        related_name="import_runs",
        null=True,
        blank=True,
        verbose_name=_("person"),
    )
    file_name = models.CharField(pgettext_lazy("of an upload", "file"), max_length=200)
    context = models.JSONField(default=dict)
    # {"take_hidden": bool, "headings": {text: column}, "answers": {question: text}}
    choices = models.JSONField(default=dict)
    content = models.BinaryField(default=b"")
    status = models.CharField(
        _("status"), max_length=10, choices=ImportStatus, default=ImportStatus.PREVIEWED
    )
    questions = models.JSONField(default=list)
    hidden = models.JSONField(default=list)  # what the file hides: [{"sheet", "row" or "heading"}]
    # [{"sheet", "row", "reason"}]; row 0 speaks of the whole file
    warnings = models.JSONField(default=list)
    before = models.JSONField(null=True, blank=True)
    after = models.CharField(max_length=64, blank=True)
    previewed_at = models.DateTimeField()
    imported_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ImportStatus.values), name="import_status_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("imports:import_run", args=[self.pk])


class ImportRow(models.Model):
    """One data row of the file: what it says, and what happens to it or why it cannot be taken
    over.
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=40, blank=True)
    row = models.PositiveIntegerField()  # as the spreadsheet counts
    key = models.CharField(max_length=120, blank=True)  # what it is matched by
    title = models.CharField(max_length=120, blank=True)
    # column → text as it was sent, for sending the rejected ones back
    cells = models.JSONField(default=dict)
    # column → value as it is understood; empty when it is not
    values = models.JSONField(default=dict)
    outcome = models.CharField(max_length=10, choices=RowOutcome)
    changes = models.JSONField(default=list)  # [{"name", "old", "new"}]
    reasons = models.JSONField(default=list)  # why it is rejected
    remarks = models.JSONField(default=list)  # what was assumed

    class Meta:
        ordering = ["pk"]
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=RowOutcome.values), name="import_row_outcome_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.row} {self.title}"


class HeadingWord(models.Model):
    """What somebody calls a column of an import, besides what the importer knows; or a word that is
    not read although it is known.

    `owner` is the importer's name for those who write so, empty for everybody; `column` is empty
    for a heading that is not read.
    """

    kind = models.CharField(_("kind"), max_length=20)
    owner = models.CharField(_("owner"), max_length=40, blank=True)
    # as it was written
    word = models.CharField(pgettext_lazy("heading of a table", "word"), max_length=40)
    spelling = models.CharField(max_length=40, editable=False)  # the same for comparing
    column = models.CharField(pgettext_lazy("of a table", "column"), max_length=40, blank=True)
    added_by = models.ForeignKey(User, models.SET_NULL, related_name="+", null=True, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "owner", "column", "spelling"]
        verbose_name = _("word of a heading")
        verbose_name_plural = _("words of headings")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "owner", "spelling"], name="one_meaning_per_heading_word"
            ),
            models.CheckConstraint(condition=~Q(spelling=""), name="heading_word_has_letters"),
        ]

    def __str__(self) -> str:
        return self.word
