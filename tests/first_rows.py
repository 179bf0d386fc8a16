"""The rows that a new academy begins with, put again where a test has emptied every table."""

from importlib import import_module

from django.apps import apps

FIRST_ROWS = {
    "academy": "add_first_groups",
    "courses": "put_first_conversion",
    "trainees": "put_first_words",
}


def put_first_rows(sender, plan=None, **_rest) -> None:
    """Hears `post_migrate`, which a flush sends too: with no plan of migrations."""
    if plan is None and (name := FIRST_ROWS.get(sender.label)):
        getattr(import_module(f"{sender.label}.migrations.0001_initial"), name)(apps, None)
