"""What the search finds, and which state of it a process has read."""

from django.db import models
from django.db.models import Q


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
