"""When reminders go out."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from academy.access import is_office
from academy.table_pages.table import OFFICE, RulePages

from .models import Notice, NoticeRule, ReminderRule


class ReminderRules(RulePages):
    """Rules come from the code and are written by the first sweep; staff change when they
    remind.
    """

    slug, model, may_add, counts_uses = "reminders", ReminderRule, False, False
    title = _("Reminder rules")
    about = _("How many days before, at which hour; a rule out of use reminds nobody.")
    empty = _("The rules appear by themselves when the first reminders are planned.")
    shown = ("days_before", "at_hour")
    fields = ("days_before", "at_hour")
    ends, lasting = "active", ()

    def effects(self, form) -> list[str]:
        if not form.has_changed():
            return []
        waiting = Notice.objects.pending().filter(kind=form.instance.kind).count()
        return [
            ngettext(
                "%(count)d reminder that waits to be sent moves to %(days)d days before, at"
                " %(hour)d:00; what was sent stays sent.",
                "%(count)d reminders that wait to be sent move to %(days)d days before, at"
                " %(hour)d:00; what was sent stays sent.",
                waiting,
            )
            % {
                "count": waiting,
                "days": form.cleaned_data["days_before"],
                "hour": form.cleaned_data["at_hour"],
            }
        ]


class NoticeRules(RulePages):
    """Kinds come from the code; the office says which cannot wait."""

    slug, model, may_add, counts_uses = "notice-kinds", NoticeRule, False, False
    keepers, who = staticmethod(is_office), OFFICE
    title = _("Kinds of notices")
    about = _(
        "Everything stands in the inbox at once. What is urgent goes out as a text message at any"
        " hour; what can wait is named in one message in the morning."
    )
    empty = _("The kinds appear by themselves when the first notices are sent.")
    shown = ("urgency",)
    fields = ("urgency",)
    lasting = ()


TABLES = [ReminderRules, NoticeRules]
