"""Who keeps the vocabularies under /admin/: whoever administers the portal.

Rows are retired, never deleted. Source: docs/rules.md R11.
"""

import rules
from django.contrib import admin

from .access import is_administrator


def let_administrators_keep_them() -> None:
    """For everything that is registered there and for which no app says otherwise.

    Called when all apps have declared their permissions.
    """
    administers = rules.predicate(is_administrator)
    for model in admin.site._registry:
        app, name = model._meta.app_label, model._meta.model_name
        for permission in (app, f"{app}.view_{name}", f"{app}.add_{name}", f"{app}.change_{name}"):
            if not rules.perm_exists(permission):
                rules.add_perm(permission, administers)
