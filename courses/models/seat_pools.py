"""The seats of a class: open to all, or kept for a town."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from academy.models import Town


class SeatPool(models.Model):
    """Seats of a class reserved for a town, or (town empty) open to all.

    Source: docs/rules.md R1, R15.
    """

    training_class = models.ForeignKey("TrainingClass", models.CASCADE, related_name="pools")
    town = models.ForeignKey(Town, models.PROTECT, related_name="seat_pools", null=True, blank=True)
    seats = models.PositiveIntegerField(_("seats"))
    seats_taken = models.PositiveIntegerField(_("seats taken"), default=0)
    # only a town's pool has one
    release_at = models.DateTimeField(_("unused seats are released at"), null=True, blank=True)
    # set for this town alone; otherwise it goes by the booking window of the class
    has_own_release = models.BooleanField(_("kept until a moment of its own"), default=False)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    # with `seats`, what the town was promised
    released_seats = models.PositiveIntegerField(_("released seats"), default=0)

    class Meta:
        ordering = ["training_class", F("town").asc(nulls_last=True)]
        verbose_name = _("seat pool")
        verbose_name_plural = _("seat pools")
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "town"], name="one_pool_per_class_and_town"
            ),
            models.UniqueConstraint(
                fields=["training_class"],
                condition=Q(town__isnull=True),
                name="one_open_pool_per_class",
            ),
            models.CheckConstraint(
                condition=Q(seats_taken__lte=F("seats")), name="no_seat_is_taken_twice"
            ),
            models.CheckConstraint(
                condition=Q(town__isnull=False) | Q(release_at__isnull=True),
                name="open_pool_is_never_released",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id} {self.town or '*'} {self.seats_taken}/{self.seats}"

    @property
    def seats_left(self) -> int:
        return self.seats - self.seats_taken
