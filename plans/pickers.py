"""Items of annual plans that can be chosen by typing."""

from django.utils.translation import gettext as _

from academy.picking.kinds import MOST, Ask, Choice, PickKind, rank

from .models import AnnualPlan, PlanItem

LOOKED_AT = 2_000  # items of the newest plans


class PlanItemKind(PickKind):
    """Items of the plans that the person sees, those of the newest year first."""

    name = "plan-item"

    def may_ask(self, user) -> bool:
        return user.has_perm("plans.list_plans")

    def choices(self, user, ask: Ask) -> list[Choice]:
        items = (
            PlanItem.objects.filter(plan__in=AnnualPlan.objects.visible_to(user))
            .select_related("plan__town", "plan__department", "plan__campus")
            .order_by("-plan__year", "plan", "number")[:LOOKED_AT]
        )
        ranked = [
            (place, item)
            for item in items
            if (place := rank(ask, "", [item.name, item.plan.owner.name])) is not None
        ]
        ranked.sort(key=lambda pair: pair[0])
        return [
            Choice(
                str(item.pk),
                item.pk,
                item.name,
                _("%(owner)s, plan for %(year)d")
                % {"owner": item.plan.owner.name, "year": item.plan.year},
            )
            for _rank, item in ranked[: MOST + 1]
        ]


PICKERS = [PlanItemKind]
