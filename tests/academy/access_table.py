"""Who may open the addresses of academy: health, log-in, language, large print."""

from ..access.table import OTHERS, Row


def build(world) -> None:
    """Nothing of academy's own is needed."""


ACCESS = [
    Row("healthz", {200: OTHERS}),
    Row("large_print", {302: OTHERS}, args=lambda w: ["on"]),
    Row("choose_language", {302: OTHERS}, args=lambda w: ["en"]),
    Row("account_login", {200: "visitor", 302: OTHERS}),
    Row("account_request_login_code", {200: "visitor", 302: OTHERS}),
    Row("account_confirm_login_code", {302: OTHERS}, note="without a code on its way"),
    Row("account_logout", {200: OTHERS, 302: "visitor"}),
    Row("account_change_password", {200: OTHERS, "login": "visitor"}),
    Row("account_reset_password", {200: "visitor", 302: OTHERS}),
]
