"""Numbers as a person writes them."""

from decimal import Decimal


def plain(number: Decimal) -> str:
    """24 for 24.00, 0.5 for 0.50: no zeros at the end, no exponent."""
    return f"{number.normalize():f}"
