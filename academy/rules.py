"""Who may import.

Each importer says who may use it; a run is its sender's, and the office's to undo. Source:
docs/rules.md R11.
"""

import rules

from .access import has_role, is_office
from .imports.registry import importer_of, importers_for
from .models import Role


@rules.predicate
def imports_something(user) -> bool:
    return bool(importers_for(user))


@rules.predicate
def imports_run(user, run) -> bool:
    """Its sender, while the sender may still use the importer."""
    return (
        run is not None
        and run.user_id == user.pk
        and importer_of(run.kind).may_use_for(user, run.context)
    )


@rules.predicate
def undoes_run(user, run) -> bool:
    return run is not None and (is_office(user) or imports_run(user, run))


@rules.predicate
def works_in_the_office(user) -> bool:
    return is_office(user)


@rules.predicate
def administers(user) -> bool:
    return has_role(user, Role.ADMINISTRATOR)


rules.add_perm("academy.change_settings", administers)
rules.add_perm("academy.view_imports", imports_something)
rules.add_perm("academy.confirm_import", imports_run)
rules.add_perm("academy.undo_import", undoes_run)
rules.add_perm("academy.change_heading_words", works_in_the_office)
