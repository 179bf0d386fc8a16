"""What the search finds, and which state of it a process has read."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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


class TopicWords(models.Model):
    """What people say, and what of the catalogue they mean by it: codes of courses and service
    items, or words that these are written in.
    """

    said = models.TextField(
        _("what people say"), max_length=1000, help_text=_("Words and phrases, 、 between them.")
    )
    means = models.CharField(
        _("what is meant"),
        max_length=200,
        help_text=_("Codes of courses and service items, or other words, 、 between them."),
    )
    active = models.BooleanField(pgettext_lazy("topic words", "in use"), default=True)

    class Meta:
        ordering = ("means", "pk")
        verbose_name = _("topic words")
        verbose_name_plural = _("topic words")
        constraints = [
            models.UniqueConstraint(
                fields=["means"],
                name="one_row_of_topic_words_per_meaning",
                violation_error_message=_("There is a row for this meaning. Add the words to it."),
            )
        ]

    def __str__(self) -> str:
        return self.means


class SearchVersion(models.Model):
    """The one row that changes whenever the index does, so that a process knows whether what it
    remembers still stands.
    """

    token = models.UUIDField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_search_version")]

    def __str__(self) -> str:
        return str(self.token)
