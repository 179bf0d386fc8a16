"""The form behind a row of the table."""

from ..forms import NEEDED_FOR_REVIEW, PlanItemForm
from ..models import PlanItem


class GridRowForm(PlanItemForm):
    """An item as its table takes it: the checks of the form, but what the review needs may still
    be missing, as after an import; the check list names it."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in NEEDED_FOR_REVIEW:
            self.fields[name].required = False

    @classmethod
    def texts_of(cls, item: PlanItem) -> dict[str, str]:
        """The item as its form would send it."""
        texts = {
            name: value if isinstance(value := getattr(item, name), str) else str(value)
            for name in cls._meta.fields
        }
        return texts | {"other_system_cadres": "on" if item.other_system_cadres else ""}
