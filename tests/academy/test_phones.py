"""Telephone numbers as people paste them, in every place that takes one."""

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from academy.models import User
from academy.text.phones import (
    PhoneField,
    holds_a_mobile_number,
    masked,
    mobile_in,
    telephone_in,
    telephone_number,
)
from courses.forms.experts import ExpertForm
from trainees.forms.class_bookings import BookPersonForm
from trainees.forms.colleagues import PassOnByPhoneForm

from ..factories import TraineeFactory

PASTED = [
    "\u202d19900009001\u202c",
    "\u2068+86 199 0000 9001\u2069",
    "199\u200b00009001",
    "\ufeff19900009001",
    "+8619900009001\u200e",
    "199.0000.9001",
    "tel:19900009001",
    "199 0000 9001",
    "(199) 0000–9001",
    "１９９００００９００１",
    "0086-19900009001",
    "86-19900009001",
    '="19900009001"',
    "'19900009001",
    "19900009001.0",
    "苏晓岚19900009001",
    "19900009001（微信同号）",
    "19900009001 （9:00—17:00）",
]
WRONG = [
    "1990000900",
    "199000090011",
    "199000090012",
    "29900009001",
    "1.99E+10",
    "19900009001²",
    "199-0000-9001-5",
    "19900009001 19900009002",
    "打电话",
    "<b>",
]
TELEPHONES = [
    ("021-00001234转801", "021-00001234转801"),
    ("021-0000 1234", "021-0000 1234"),
    ("（021）00001234", "(021)00001234"),
    ("02100001234", "02100001234"),
    ("86-21-56781234", "86-21-56781234"),
    ("00001234、00001235", "00001234、00001235"),
    ("19900000123/19900000124", "19900000123、19900000124"),
    ("19900000123;00001234", "19900000123、00001234"),
    ("办公室 56781234", "56781234"),
    ("400-820-8820", "400-820-8820"),
    ("12345", "12345"),
]


@pytest.mark.parametrize("typed", PASTED, ids=ascii)
def test_a_mobile_number_is_read_however_it_is_pasted(typed):
    assert (mobile_in(typed), PhoneField().clean(typed), telephone_in(typed).is_mobile) == (
        "19900009001",
        "19900009001",
        True,
    )


@pytest.mark.parametrize("typed", WRONG, ids=ascii)
def test_a_wrong_mobile_number_is_not_made_right(typed):
    with pytest.raises(ValidationError, match="11"):
        PhoneField().clean(typed)


@pytest.mark.parametrize(("written", "kept"), TELEPHONES)
def test_landlines_and_pairs_are_kept_as_they_are_written(written, kept):
    found = telephone_in(written)

    assert (found.text, found.is_mobile) == (kept, False)
    telephone_number(kept)  # what was read is accepted again


@pytest.mark.parametrize(
    "written",
    [
        "",
        "打电话",
        "1.99E+10",
        "１９９００００００１２３",
        "1990000012",
        "310113102",
        "2027-04-15",
        "2027年4月",
    ],
)
def test_what_is_no_number_is_not_guessed_at(written):
    assert telephone_in(written) is None


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("19900000123", "199****0123"),
        ("(021)56781234", "021****1234"),
        ("56781234", "****34"),
        ("", ""),
        ("19900000123、56781234", "199****0123、****34"),
    ],
)
def test_masked(number, shown):
    assert masked(number) == shown


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("找老王 199 0000 9001", True),
        ("找１９９００００９００１", True),
        ("1,990 户、2026 年 11 月", False),
    ],
)
def test_a_number_in_a_story_is_seen_however_it_is_written(text, holds):
    assert holds_a_mobile_number(text) is holds


@pytest.mark.parametrize("form", [BookPersonForm, PassOnByPhoneForm])
def test_forms_that_name_a_person_take_it(form):
    filled = form({"phone": PASTED[1]})

    assert filled.is_valid()
    assert filled.cleaned_data["phone"] == "19900009001"


def test_the_register_of_experts_takes_it(db):
    form = ExpertForm(
        {"phone": PASTED[0], "user_phone": "+86 199 0000 9999", "name": "买买提•阿不都"}
    )

    form.is_valid()

    assert (form.cleaned_data["phone"], form.cleaned_data["name"]) == (
        "19900009001",
        "买买提·阿不都",
    )
    assert form.errors["user_phone"] == ["没有人用这个手机号登录。"]


def test_accounts_made_by_command_keep_the_digits(db):
    person = User.objects.create_user(PASTED[1], "示例甲", "a-long-password")

    assert (person.phone, person.masked_phone) == ("19900009001", "199****9001")
    TraineeFactory(user=person)
    with pytest.raises(CommandError, match="没有这个班次"):  # the person is found
        call_command("can_book", "+86 199 0000 9001", "NONE")
    assert authenticate(phone="19900009001", password="a-long-password") == person
