"""The addresses that a visitor may open.

A new public page is added here on purpose, or the suite fails.
"""

# Names of libraries' addresses: they declare their own access.
THIRD_PARTY = ("admin:",)

# Source of what is public: docs/rules.md R11.
PUBLIC: set[str] = {
    # academy: is it alive, how it looks, and the way in
    "healthz",
    "readyz",
    "large_print",
    "choose_language",
    "account_login",
    "account_logout",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_reset_password",
    # the catalogue and the classes
    "courses:course_list",
    "courses:course",
    "courses:expert",
    "trainees:class_list",
    "trainees:class_page",
    "courses:course_version",
    "courses:service_list",
    "courses:service_item",
    "courses:service_card",
    "courses:service_cards",
    "trainees:join",
    "trainees:wall_scan",  # a scan counts from its first moment, also of whoever logs in only then
    "trainees:join_code",  # who joins has no account yet
    "trainees:calendar_feed",  # calendar programs cannot log in: the address is the key
    "trainees:check_certificate",  # whoever is shown a certificate may check it
    "trainees:checked_certificate",
    "practicums:case_list",
    "plans:project_list",
    "plans:project",  # those that are ticked as public
    "practicums:case",  # what others can use is for everybody
    # the front door
    "portal:home",
    "portal:network",
    "portal:campus",
    "portal:experts",
    "portal:practice_rooms",
    "portal:methods",
    "portal:season_now",
    "portal:season",  # numbers only
    "portal:town",
    "portal:search",
    "portal:suggest",
    "portal:feedback",
    "portal:help",
    "portal:help_part",
    "portal:privacy",
    "portal:accessibility",
}
