"""Who logs in."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..text.phones import masked, mobile_in, mobile_number


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
    # this entry was joined with that one: it logs in no more and stands in no list
    merged_into = models.ForeignKey(
        "self", models.PROTECT, related_name="merged_here", null=True, blank=True
    )

    objects = UserManager()

    USERNAME_FIELD = "phone"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [
            # the few that the list of people is narrowed to
            models.Index(fields=["id"], condition=Q(is_active=False), name="suspended_people"),
            models.Index(
                fields=["id"],
                condition=Q(is_active=True, last_login=None),
                name="people_who_never_logged_in",
            ),
            models.Index(
                fields=["id"], condition=Q(merged_into__isnull=False), name="people_joined_away"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(is_active=False),
                name="whoever_was_joined_away_is_closed",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """What a log-in session is bound to: it ends when the password or the number changes."""
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    def _session_hash(self, secret: str | None) -> str:
        return salted_hmac(
            "academy.User.session", f"{self.password}|{self.phone}", secret, algorithm="sha256"
        ).hexdigest()

    @property
    def masked_phone(self) -> str:
        """138****5678: what everyone but the owner sees. Source: docs/rules.md R12."""
        return masked(self.phone)

    @property
    def stays_as(self) -> "User":
        """The entry in which this one lives on; itself unless it was joined with another."""
        person = self
        while person.merged_into_id is not None:
            person = person.merged_into
        return person


class PersonKey(models.Model):
    """A beginning by which a person is found: the name, its spelling and initials from each of its
    characters on, and the last four digits of the number.

    `academy/people_keys.py` writes them.
    """

    is_derived = True  # from the person, with whom it goes
    person = models.ForeignKey(User, models.CASCADE, related_name="keys")
    key = models.CharField(max_length=40, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="one_key_of_a_person")
        ]
        indexes = [
            # people who are called alike: only whole names, one beside the other
            models.Index(
                fields=["key", "person"],
                condition=Q(key__startswith="="),
                name="whole_names_as_they_sound",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.key}"


class PersonChangeKind(models.TextChoices):
    ADDED = "added", pgettext_lazy("change of a person", "Added")
    CORRECTED = "corrected", pgettext_lazy("change of a person", "Corrected")
    PHONE = "phone", pgettext_lazy("change of a person", "Number changed")
    POSTING = "posting", pgettext_lazy("change of a person", "Post added")
    MOVED = "moved", pgettext_lazy("change of a person", "Moved to another unit")
    POSTING_ENDED = "posting_ended", pgettext_lazy("change of a person", "Post ended")
    STAGE = "stage", pgettext_lazy("change of a person", "Growth stage set")
    SUSPENDED = "suspended", pgettext_lazy("change of a person", "Account suspended")
    RESTORED = "restored", pgettext_lazy("change of a person", "Account restored")
    ROLE = "role", pgettext_lazy("change of a person", "Role granted")
    ROLE_ENDED = "role_ended", pgettext_lazy("change of a person", "Role ended")
    ROLE_EXTENDED = "role_extended", pgettext_lazy("change of a person", "Role extended")
    MERGED = "merged", pgettext_lazy("change of a person", "Two entries joined")
    PARTED = "parted", pgettext_lazy("change of a person", "Joined entries parted")
    REVEALED = "revealed", pgettext_lazy("change of a person", "Whole number looked at")


class PersonChange(models.Model):
    """Who changed what of a person, and why; `academy/people_history.py` writes it.

    A command has no user. Telephone numbers are kept masked.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="changes")
    kind = models.CharField(_("what"), max_length=15, choices=PersonChangeKind)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    at = models.DateTimeField(_("when"))
    # [{"name", "old", "new"}]: words as they were shown
    details = models.JSONField(default=list)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    # the import that did it, if one did
    import_run = models.ForeignKey(
        "academy.ImportRun", models.SET_NULL, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("change of a person")
        verbose_name_plural = _("changes of people")
        indexes = [models.Index(fields=["person", "-at"], name="changes_of_a_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=PersonChangeKind.values), name="person_change_kind_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"
