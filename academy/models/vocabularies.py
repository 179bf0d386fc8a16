"""The lists that staff edit: posts, growth stages, groups of learners."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
