"""How often something was tried."""

from django.db import models


class Tally(models.Model):
    """When one thing was tried lately, such as the password of one account;
    `academy/accounts/lockout.py` counts with it.
    """

    key = models.CharField(max_length=64, primary_key=True)  # a digest: no phone, no address
    tried_at = models.JSONField(default=list)  # seconds since 1970, oldest first
    kept_until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
