"""The addresses that a visitor may open. A new public page is added here on purpose, or the suite fails."""

# Names of libraries' addresses: they declare their own access.
THIRD_PARTY = ("admin:",)

PUBLIC: set[str] = {
    "courses:course_list", "courses:course", "courses:class_list",
}
