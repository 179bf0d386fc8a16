"""Fields of forms that every room shares."""

from decimal import Decimal

from django import forms

from ..text.numbers import plain


class PlainDecimalField(forms.DecimalField):
    """Shows 24 where the database holds 24.00."""

    def prepare_value(self, value):
        return plain(value) if isinstance(value, Decimal) else value
