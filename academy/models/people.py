"""Who logs in."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
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
