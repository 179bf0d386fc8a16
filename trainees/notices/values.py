"""What the placeholders of several notices stand for."""

from django.utils.translation import gettext_lazy as _

from academy.templatetags.portal_tags import full_day, listed
from notices.kinds import Value

CLASS = Value("title", _("the title of the class"))
ACTOR = Value("name", _("the name of whoever did it"))
ABOUT = Value("name", _("the name of the person it is about"))
TOWN = Value("town", _("the street-town"))
REASON = Value("reason", _("the reason, as it was written"))
CAMPUS = Value("campus", _("the campus"))
CAMPUSES = Value("campus", _("where the class is"), listed)
PHONE = Value("phone", _("the telephone number to call"))
UNIT = Value("unit", _("the street-town and the village"))
POST = Value("post", _("the post"))
FULL_DAY = Value("day", _("the day, with its year"), full_day)
