"""What each of the seven asks for, in a sentence, and a start that is filled in from what the
portal holds.
"""

from django.utils.translation import gettext_lazy

from ..models import Evidence, EvidenceDraft, EvidenceKind, ItemKind, ItemStatus, SevenItem
from .questions import MAIN, as_text

NOT_HANDED_IN = (ItemStatus.NOT_STARTED, ItemStatus.IN_PROGRESS)
HOW_TO = {
    ItemKind.TASK_LIST: gettext_lazy(
        "List what you will do and by when, as agreed with your mentor. A photo of the list is"
        " enough."
    ),
    ItemKind.MENTOR_PAIRING: gettext_lazy(
        "Write when and where you and your mentor met. The name is filled in; handing in is your"
        " consent."
    ),
    ItemKind.PRACTICAL_PROJECT: gettext_lazy(
        "What was the matter, what was done, what changed for residents. Add a photo or a table if"
        " you have one."
    ),
    ItemKind.GET_TOGETHER: gettext_lazy(
        "After each get-together write two lines: who met, what you talked about. It is held again"
        " and again; one record is enough to hand in."
    ),
    ItemKind.WORK_CASE: gettext_lazy(
        "Tell one piece of work: what happened, what you did, what others can use. One page is"
        " enough."
    ),
    ItemKind.PRACTICE_REPORT: gettext_lazy(
        "What you learned and what you take home. It begins with your task list, so that you need"
        " not start from nothing."
    ),
    ItemKind.APPRAISAL: gettext_lazy(
        "The host writes it. You can read it when it is issued; you do not write or change it."
    ),
}


def starting_answers(item: SevenItem) -> dict[str, str]:
    """What stands in the form at first: the last version after it came back, else what is known
    already.
    """
    if item.status == ItemStatus.SENT_BACK:
        last = last_text(item)
        return (last.answers or {MAIN: last.text}) if last else known_already(item)
    return known_already(item) if item.status in NOT_HANDED_IN else {}


def with_start(draft: EvidenceDraft) -> EvidenceDraft:
    """A draft that was never saved begins with what is known."""
    if draft.pk is None:
        draft.answers = starting_answers(draft.item)
    return draft


def is_only_filled_in(item: SevenItem, text: str) -> bool:
    """Whether the text is what the portal filled in, or the version that came back, and no word
    more.
    """
    filled_in = [as_text(item.kind, known_already(item)), *known_already(item).values()]
    if item.status == ItemStatus.SENT_BACK and (last := last_text(item)):
        filled_in.append(last.text)
    return text.split() in [words.split() for words in filled_in]


def last_text(item: SevenItem) -> Evidence | None:
    """The newest text that was handed in or kept."""
    return item.evidence.filter(kind=EvidenceKind.TEXT).last()


def known_already(item: SevenItem) -> dict[str, str]:
    """What the portal knows and fills in: a title, the list of tasks."""
    secondment = item.secondment
    if item.kind == ItemKind.PRACTICAL_PROJECT and secondment.project_title:
        return {"title": secondment.project_title}
    if item.kind == ItemKind.WORK_CASE and secondment.case_title:
        return {"title": secondment.case_title}
    if item.kind == ItemKind.PRACTICE_REPORT:
        tasks = next(
            (other for other in secondment.items_in_order if other.kind == ItemKind.TASK_LIST), None
        )
        text = last_text(tasks) if tasks else None
        return {"done": text.text} if text else {}
    return {}
