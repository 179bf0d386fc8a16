"""Who may import, who may give roles, and who keeps the tables.

Each importer says who may use it; a run is its sender's, and the office's to undo. Source:
docs/rules.md R11.
"""

import rules

from .access import is_administrator, is_office
from .imports.registry import importer_of, importers_for
from .role_grants import may_grant, roles_granted_by


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
def gives_roles(user) -> bool:
    return bool(roles_granted_by(user))


@rules.predicate
def changes_grant(user, grant) -> bool:
    return grant is not None and may_grant(user, grant.role, grant.scope)


@rules.predicate
def keeps_table(user, table) -> bool:
    """Network, rules and settings are the administrators', the catalogue's tables the office's."""
    return table is not None and table.may_keep(user)


rules.add_perm("academy.view_rolegrant", gives_roles)
rules.add_perm("academy.change_rolegrant", changes_grant)
rules.add_perm("academy.change_settings", rules.predicate(is_administrator))
rules.add_perm("academy.explain_access", rules.predicate(is_administrator))
rules.add_perm("academy.view_imports", imports_something)
rules.add_perm("academy.confirm_import", imports_run)
rules.add_perm("academy.undo_import", undoes_run)
rules.add_perm("academy.change_heading_words", works_in_the_office)

rules.add_perm("academy.view_tables", works_in_the_office)
rules.add_perm("academy.keep_table", keeps_table)
