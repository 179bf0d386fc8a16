"""What each of the seven asks for, in a sentence, and a start that is filled in from what the portal holds."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import EvidenceKind, ItemKind, ItemStatus, SevenItem

HOW_TO = {
    ItemKind.TASK_LIST: gettext_lazy("List what you will do and by when, as agreed with your mentor. A photo of the list is enough."),
    ItemKind.MENTOR_PAIRING: gettext_lazy("Say that you and your mentor have met. The name is filled in; handing in is your consent."),
    ItemKind.PRACTICAL_PROJECT: gettext_lazy("What was the matter, what was done, what changed for residents. Add a photo or a table if you have one."),
    ItemKind.GET_TOGETHER: gettext_lazy("After each get-together write two lines: who met, what you talked about. It is held again and again; one record is enough to hand in."),
    ItemKind.WORK_CASE: gettext_lazy("Tell one piece of work: what happened, what you did, what others can use. One page is enough."),
    ItemKind.PRACTICE_REPORT: gettext_lazy("What you learned and what you take home. It begins with your task list, so that you need not start from nothing."),
    ItemKind.APPRAISAL: gettext_lazy("The host writes it. You can read it when it is issued; you do not write or change it."),
}


def starting_text(item: SevenItem) -> str:
    """What stands in the text field at first: the last version after it came back, else what is known already."""
    if item.status == ItemStatus.SENT_BACK or item.is_appraisal:
        last = item.evidence.filter(kind=EvidenceKind.TEXT).last()
        return last.text if last else ""
    if item.status != ItemStatus.NOT_STARTED:
        return ""
    secondment = item.secondment
    if item.kind == ItemKind.MENTOR_PAIRING:
        return _("Mentor: %(mentor)s, %(host)s. We have met and agreed on how to work together.") % {"mentor": secondment.mentor.name, "host": secondment.host_name}
    if item.kind == ItemKind.PRACTICAL_PROJECT and secondment.project_title:
        return _("Project: %(title)s") % {"title": secondment.project_title} + "\n"
    if item.kind == ItemKind.WORK_CASE and secondment.case_title:
        return _("Case: %(title)s") % {"title": secondment.case_title} + "\n"
    if item.kind == ItemKind.PRACTICE_REPORT:
        tasks = next((other for other in secondment.items_in_order if other.kind == ItemKind.TASK_LIST), None)
        last = tasks.evidence.filter(kind=EvidenceKind.TEXT).last() if tasks else None
        return f"{last.text}\n" if last else ""
    return ""
