"""Whom to ask about an item: name and telephone number in one cell or two."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from academy.spreadsheets.cell_text import EMPTY_WORDS, Rejected, clean
from academy.text.names import names_in
from academy.text.phones import LONGEST_TELEPHONE, telephone_in

from ..models import PlanItem
from .row_values import label


def contact_of(cells: dict, default: tuple[str, str], remarks: list[str]) -> tuple[str, str]:
    """Who to call. What stands in the other's column is put right, and said."""
    name, phone = clean(cells.get("contact_name")), clean(cells.get("contact_phone"))
    together = clean(cells.get("contact"))
    if together and not name:
        name, phone = _apart(together)
    elif telephone_in(name) and not telephone_in(phone):
        if left := _apart(name)[0] or phone:
            remarks.append(
                _(
                    "Contact person and telephone did not stand in their own columns; they were put"
                    " right."
                )
            )
        name, phone = left, name
    if not name and not phone:
        return default
    if len(name) > PlanItem._meta.get_field("contact_name").max_length:
        raise Rejected(
            _("“%(column)s” is longer than %(length)d characters.")
            % {
                "column": label("contact_name"),
                "length": 40,
            }
        )
    return _contact_name(name, remarks), phone_of(phone, remarks)


def _apart(together: str) -> tuple[str, str]:
    """(苏晓岚, 19900000123) from 苏晓岚 19900000123."""
    digits = re.search(r"[0-9+(][0-9 ()+-]{5,}.*", together)
    return (together[: digits.start()] if digits else together).strip(" ：:,，、/(（"), (
        digits.group() if digits else ""
    )


def _contact_name(name: str, remarks: list[str]) -> str:
    """Who is named, several of them apart by 、. What is no name is left out, and said."""
    if name in EMPTY_WORDS:
        return ""
    try:
        return names_in(name)
    except ValidationError as error:
        remarks.append(
            _("The contact person was left empty: %(reason)s")
            % {"reason": " ".join(error.messages)}
        )
        return ""


def phone_of(phone: str, remarks: list[str]) -> str:
    """Return the telephone number, or nothing with a remark when it cannot be read."""
    if not phone or phone in EMPTY_WORDS:
        return ""
    found = telephone_in(phone)
    if found is None or len(found.text) > LONGEST_TELEPHONE:
        remarks.append(_("The telephone number cannot be read; it was left empty."))
        return ""
    if not found.is_mobile:
        remarks.append(
            _(
                "The telephone number is no mobile number of 11 digits; it was kept as it is"
                " written."
            )
        )
    return found.text
