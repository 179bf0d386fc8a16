"""What each of the seven asks for, in a sentence, and a start that is filled in from what the
portal holds.
"""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import EvidenceKind, ItemKind, ItemStatus, SevenItem

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


def starting_text(item: SevenItem) -> str:
    """What stands in the text field at first: the last version after it came back, else what is
    known already.
    """
    if item.status == ItemStatus.SENT_BACK or item.is_appraisal:
        return _last_text(item)
    return _known_already(item) if item.status == ItemStatus.NOT_STARTED else ""


def is_only_filled_in(item: SevenItem, text: str) -> bool:
    """Whether the text is what the portal filled in, in either language, or the version that came
    back, and no word more.
    """
    filled_in = [_last_text(item)] if item.status == ItemStatus.SENT_BACK else []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            filled_in.append(_known_already(item))
    return text.split() in [words.split() for words in filled_in]


def _last_text(item: SevenItem) -> str:
    last = item.evidence.filter(kind=EvidenceKind.TEXT).last()
    return last.text if last else ""


def _known_already(item: SevenItem) -> str:
    secondment = item.secondment
    if item.kind == ItemKind.MENTOR_PAIRING:
        names = {"mentor": secondment.mentor.name, "host": secondment.host_name}
        return _("Mentor: %(mentor)s, %(host)s. We met on (day, place):") % names + "\n"
    if item.kind == ItemKind.PRACTICAL_PROJECT and secondment.project_title:
        return _("Project: %(title)s") % {"title": secondment.project_title} + "\n"
    if item.kind == ItemKind.WORK_CASE and secondment.case_title:
        return _("Case: %(title)s") % {"title": secondment.case_title} + "\n"
    if item.kind == ItemKind.PRACTICE_REPORT:
        tasks = next(
            (other for other in secondment.items_in_order if other.kind == ItemKind.TASK_LIST), None
        )
        tasks_text = _last_text(tasks) if tasks else ""
        return f"{tasks_text}\n" if tasks_text else ""
    return ""
