from dataclasses import asdict

from django.utils import timezone

from academy.commanding import PortalCommand
from academy.errors import PortalError
from academy.text.phones import mobile_in
from courses.models import TrainingClass

from ...eligibility.reasons import reasons_for
from ...models import Trainee


class NotFound(PortalError):
    """No such person on the roster, or no such class."""


class Command(PortalCommand):
    help = (
        "Say of each booking rule whether it passes for a person and a class, as the page does;"
        " exits 1 when one fails."
    )

    def add_arguments(self, parser) -> None:
        super().add_arguments(parser)
        parser.add_argument("phone", help="mobile number of the trainee")
        parser.add_argument("code", metavar="class", help="code of the class")

    def handle(self, *, phone: str, code: str, **options) -> None:
        trainee = (
            Trainee.objects.filter(user__phone=mobile_in(phone))
            .select_related("user", "village__town", "position", "learner_group", "stage")
            .first()
        )
        if trainee is None:
            raise NotFound(f"{phone}：花名册里没有这个手机号")
        training_class = TrainingClass.objects.filter(code=code).first()
        if training_class is None:
            raise NotFound(f"{code}：没有这个班次")
        reasons = reasons_for(trainee, training_class, timezone.now())
        if options["json"]:
            self.answer(
                {
                    "can_book": all(reason.ok for reason in reasons),
                    "reasons": [asdict(reason) | {"fact": str(reason.fact)} for reason in reasons],
                },
                json_wanted=True,
            )
        else:
            self.answer(
                [
                    {
                        "mark": "✓" if reason.ok else "✕",
                        "title": reason.title,
                        "fact": reason.fact,
                        "way_out": reason.way_out,
                    }
                    for reason in reasons
                ],
                json_wanted=False,
            )
        if not all(reason.ok for reason in reasons):
            self.fail()
