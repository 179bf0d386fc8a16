"""Published cases that can be chosen by typing."""

from academy.picking.kinds import MOST, Ask, Choice, PickKind, rank

from .models import PracticeCase


class CaseKind(PickKind):
    """Published cases, which everybody reads."""

    name = "case"

    def may_ask(self, user) -> bool:
        return user.is_authenticated

    def choices(self, user, ask: Ask) -> list[Choice]:
        ranked = [
            (place, case)
            for case in PracticeCase.objects.published().order_by("code")
            if (place := rank(ask, case.code, [case.title, case.theme])) is not None
        ]
        ranked.sort(key=lambda pair: pair[0])
        return [
            Choice(case.code, case.pk, f"{case.code} {case.title}", case.theme)
            for _rank, case in ranked[: MOST + 1]
        ]


PICKERS = [CaseKind]
