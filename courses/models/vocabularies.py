"""The lists that staff edit: tracks, teaching formats, programmes."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.models import Term
from academy.text.codes import CodeField, code_constraint

from .approval import ApprovalPolicy


class Track(Term):
    """One of the tracks (板块).

    `prefix` begins its course codes, `css_class` names its colour in styles/badges.css.
    """

    prefix = CodeField(_("code prefix"), max_length=4, unique=True)
    css_class = models.SlugField(_("colour name"), max_length=10, blank=True)
    motto = models.CharField(_("one line about it"), max_length=60, blank=True)

    class Meta(Term.Meta):
        verbose_name = pgettext_lazy("of courses", "track")
        verbose_name_plural = pgettext_lazy("of courses", "tracks")
        constraints = [code_constraint(field="prefix", name="track_prefix_fits_addresses")]


class TeachingFormat(Term):
    """A way of teaching (教学形式)."""

    code = CodeField(_("code"), max_length=10, unique=True)
    description = models.CharField(_("description"), max_length=200, blank=True)
    suggested_group_size = models.CharField(_("suggested group size"), max_length=20, blank=True)

    class Meta(Term.Meta):
        verbose_name = _("teaching format")
        verbose_name_plural = _("teaching formats")
        constraints = [code_constraint(name="teaching_format_code_fits_addresses")]


class Programme(ApprovalPolicy, Term):
    """A kind of class (班型), such as 小巷总理成长班.

    Its classes take its approval over when they are made.
    """

    class Meta(Term.Meta):
        constraints = ApprovalPolicy.Meta.constraints
        verbose_name = pgettext_lazy("of classes", "programme")
        verbose_name_plural = pgettext_lazy("of classes", "programmes")
