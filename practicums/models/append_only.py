"""Rows of fact, which are written once."""

from django.db import models


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **fields):
        raise TypeError("Rows of fact are never changed; add a new one.")

    def delete(self):
        raise TypeError("Rows of fact are never deleted.")


class AppendOnly(models.Model):
    """A row of fact: it is written once, and a correction is a new row."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        if not self._state.adding:
            raise TypeError("Rows of fact are never changed; add a new one.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("Rows of fact are never deleted.")
