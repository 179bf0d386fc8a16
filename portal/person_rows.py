"""Feedback of two entries of one person."""

from academy.person_rows import ACTED

MOVES = ("portal.Feedback.sent_by",)
STAYS = {"portal.Feedback.handled_by": ACTED, "portal.IndicatorOwner.set_by": ACTED}
