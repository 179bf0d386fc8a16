"""Who learns, what they follow, and the address their own calendar reads."""

import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.access import is_office, towns_of, villages_of
from academy.models import Campus, GrowthStage, LearnerGroup, Position, Village
from academy.prepared import Prepared
from courses.models import Course, Track


class Gender(models.TextChoices):
    FEMALE = "female", pgettext_lazy("gender", "Female")
    MALE = "male", pgettext_lazy("gender", "Male")


class TraineeQuerySet(models.QuerySet):
    def of(self, user) -> "Trainee | None":
        """The profile of whoever is logged in, with what booking rules ask of it; nobody for a
        visitor.
        """
        if not user.is_authenticated:
            return None
        trainee = next(iter(PROFILES(user=user.pk)), None)
        if trainee is not None:
            trainee.user = user  # each has the other at hand, and nobody asks for it again
        return trainee

    def with_profile(self) -> Self:
        """What booking rules ask of a person."""
        return self.select_related("village__town", "position", "learner_group", "stage")

    def cadres(self) -> Self:
        """Whoever holds a post: rosters, nominations, colleagues and every figure about cadres are
        made of them.
        """
        return self.filter(position__isnull=False, left_on__isnull=True)

    def light(self) -> Self:
        """Residents and others with a light account."""
        return self.filter(learner_group__isnull=False)

    def visible_to(self, user) -> Self:
        """Oneself, the own village's or town's cadres, and everybody for the office. Trainees see
        no other trainee.

        Villages and towns have no business with the residents who learn there: nobody manages them.
        """
        if is_office(user):
            return self
        return self.filter(
            Q(user=user)
            | Q(position__isnull=False)
            & (Q(village__in=villages_of(user)) | Q(village__town__in=towns_of(user)))
        )


class Trainee(models.Model):
    """The training profile of a person: only who has one can book. The present posting is repeated
    here for lists.

    A cadre has a post; somebody with a light account has the group they joined as instead, never
    both. Source: docs/rules.md R13.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="trainee")
    village = models.ForeignKey(
        Village,
        models.PROTECT,
        related_name="trainees",
        verbose_name=pgettext_lazy("unit", "village"),
    )
    position = models.ForeignKey(
        Position,
        models.PROTECT,
        related_name="trainees",
        null=True,
        blank=True,
        verbose_name=pgettext_lazy("post", "position"),
    )
    learner_group = models.ForeignKey(
        LearnerGroup,
        models.PROTECT,
        related_name="trainees",
        null=True,
        blank=True,
        verbose_name=_("learners' group"),
    )
    stage = models.ForeignKey(
        GrowthStage,
        models.PROTECT,
        related_name="trainees",
        null=True,
        blank=True,
        verbose_name=_("growth stage"),
    )
    # asked for by official forms of secondments; the portal decides nothing by them
    gender = models.CharField(_("gender"), max_length=6, choices=Gender, blank=True)
    born_in = models.CharField(_("born in"), max_length=7, blank=True)  # 1981-05
    # the last day of the last post; empty while one is held
    left_on = models.DateField(_("left on"), null=True, blank=True)
    # sorts names by 姓氏笔画, the order of official lists
    stroke_key = models.CharField(max_length=120, blank=True)

    objects = TraineeQuerySet.as_manager()

    class Meta:
        verbose_name = _("trainee")
        verbose_name_plural = _("trainees")
        # a page of the list of people, in the order of official lists
        indexes = [
            models.Index(fields=["stroke_key", "id"], name="trainees_in_stroke_order"),
            models.Index(
                fields=["village"],
                condition=Q(stage=None, left_on=None, position__isnull=False),
                name="cadres_without_a_stage",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(position__isnull=False, learner_group__isnull=True)
                | Q(position__isnull=True, learner_group__isnull=False),
                name="trainee_has_a_post_or_a_group",
            ),
            models.CheckConstraint(
                condition=Q(gender__in=["", *Gender.values]), name="trainee_gender_is_known"
            ),
            models.CheckConstraint(
                condition=Q(born_in="") | Q(born_in__regex=r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$"),
                name="trainee_born_in_is_a_month",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(position__isnull=False),
                name="only_a_cadre_has_left",
            ),
        ]

    def __str__(self) -> str:
        return self.user.name

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def is_light(self) -> bool:
        """No cadre, but somebody who joined a group by themselves."""
        return self.learner_group_id is not None

    @property
    def post(self) -> str:
        """What lists show beside the name: the post, or the group."""
        return (self.learner_group or self.position).name


PROFILES = Prepared(lambda user: Trainee.objects.filter(user=user).with_profile())


class Posting(models.Model):
    """A post held in a village from one day to another (任职).

    The archive belongs to the person, not to the unit.
    """

    trainee = models.ForeignKey(Trainee, models.CASCADE, related_name="postings")
    village = models.ForeignKey(Village, models.PROTECT, related_name="postings")
    position = models.ForeignKey(Position, models.PROTECT, related_name="postings")
    # held beside the main post of the same person (兼任)
    is_extra = models.BooleanField(_("held beside another post"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        ordering = ["trainee", "-valid_from"]
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="posting_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["trainee"],
                condition=Q(valid_to__isnull=True, is_extra=False),
                name="one_main_post_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trainee_id} {self.village} {self.position}"


class LightAccountEnd(models.TextChoices):
    LAPSED = "lapsed", _("Not used for a year")
    BECAME_CADRE = "became_cadre", _("Became a cadre")
    LEFT = "left", _("Closed by the person")


class LightAccount(models.Model):
    """A stay in a group, from the day of joining to its end: what the figures of the groups are
    made of.

    The trainee repeats the present group for lists, as it does the posting.
    """

    trainee = models.ForeignKey(Trainee, models.CASCADE, related_name="light_accounts")
    group = models.ForeignKey(
        LearnerGroup,
        models.PROTECT,
        related_name="light_accounts",
        verbose_name=_("learners' group"),
    )
    joined_at = models.DateTimeField(_("joined at"))
    warned_at = models.DateTimeField(_("told that it will lapse at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end = models.CharField(_("how it ended"), max_length=12, choices=LightAccountEnd, blank=True)

    class Meta:
        ordering = ["trainee", "-joined_at"]
        verbose_name = _("light account")
        verbose_name_plural = _("light accounts")
        constraints = [
            models.UniqueConstraint(
                fields=["trainee"],
                condition=Q(ended_at__isnull=True),
                name="one_light_account_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="")
                | Q(ended_at__isnull=False, end__in=LightAccountEnd.values),
                name="light_account_ends_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trainee_id} {self.group}"


def new_calendar_token() -> str:
    """256 random bits: the address is the key."""
    return secrets.token_urlsafe(32)


class CalendarFeed(models.Model):
    """The address from which a person's own calendar reads the booked lessons.

    Whoever knows it can read it; it can be changed.
    """

    trainee = models.OneToOneField(Trainee, models.CASCADE, related_name="calendar_feed")
    token = models.CharField(max_length=60, unique=True, default=new_calendar_token)
    created_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return f"{self.trainee_id}"


class Follow(models.Model):
    """A trainee wants to know when a class opens of this course, track or campus: exactly one of
    the three.
    """

    trainee = models.ForeignKey(Trainee, models.CASCADE, related_name="follows")
    course = models.ForeignKey(
        Course,
        models.CASCADE,
        related_name="follows",
        null=True,
        blank=True,
        verbose_name=_("course"),
    )
    track = models.ForeignKey(
        Track,
        models.CASCADE,
        related_name="follows",
        null=True,
        blank=True,
        verbose_name=pgettext_lazy("of courses", "track"),
    )
    campus = models.ForeignKey(
        Campus,
        models.CASCADE,
        related_name="follows",
        null=True,
        blank=True,
        verbose_name=_("campus"),
    )
    since = models.DateTimeField(_("since"))

    class Meta:
        ordering = ["trainee", "-since", "-pk"]
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints = [
            models.CheckConstraint(
                condition=Q(course__isnull=False, track__isnull=True, campus__isnull=True)
                | Q(course__isnull=True, track__isnull=False, campus__isnull=True)
                | Q(course__isnull=True, track__isnull=True, campus__isnull=False),
                name="follow_has_one_target",
            ),
            models.UniqueConstraint(
                fields=["trainee", "course"],
                condition=Q(course__isnull=False),
                name="one_follow_per_course",
            ),
            models.UniqueConstraint(
                fields=["trainee", "track"],
                condition=Q(track__isnull=False),
                name="one_follow_per_track",
            ),
            models.UniqueConstraint(
                fields=["trainee", "campus"],
                condition=Q(campus__isnull=False),
                name="one_follow_per_campus",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trainee_id} → {self.target}"

    @property
    def target(self) -> Course | Track | Campus:
        return self.course or self.track or self.campus
