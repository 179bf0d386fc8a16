"""The batches of secondments."""

from django.utils.translation import gettext_lazy as _

from academy.table_pages.table import Vocabulary

from .models import SecondmentBatch


class Batches(Vocabulary):
    """An intake is approved once, with fixed days. Source: docs/rules.md R33."""

    slug, model, ordered, ends = "batches", SecondmentBatch, False, ""
    title, one = _("Batches of secondments"), _("New batch of secondments")
    shown = ("programme", "starts_on", "ends_on", "approval")
    fields = ("programme", "name", "starts_on", "ends_on", "approval")
    lasting, found_by = (), ("name", "programme")


TABLES = [Batches]
