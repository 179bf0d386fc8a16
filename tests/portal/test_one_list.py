"""Every page of /manage/ that stands without a row is a list of the one component, or says here why
it is none; no office page draws a table of its own.
"""

import re
from pathlib import Path

from django.conf import settings
from django.urls import URLPattern, get_resolver

from academy.lists.registry import lists

TEMPLATES = Path(settings.BASE_DIR) / "templates"

# addresses without a row that are no list
NO_LIST = {
    # desks and boards: by day, by season
    "portal:manage": "desk",
    "trainees:lessons": "week, day by day",
    "trainees:book_colleagues": "rows of the public list, the nearest first",
    "courses:season_now": "board of the season",
    # forms
    "portal:start": "check list of an empty portal",
    "monitor:board": "figures with their charts",
    "monitor:owners": "form",
    "monitor:count": "sent",
    "office_settings": "form",
    "roles:role_grant": "form",
    "roles:can_do": "answer about one person",
    "coverage:quotas": "trial of quotas, as the tab of one class",
    "tables:usual_words": "form",
    "courses:course_create": "form",
    "courses:class_create": "form",
    "courses:expert_create": "form",
    "trainees:person_add": "form",
    "practicums:case_create": "form",
    "plans:import_upload": "form",
    "plans:project_create": "form",
    "plans:fee_list_begin": "form",
    "plans:paper_templates": "three papers, each with its template",
    "trainees:people_stages": "step with ticked people",
    "trainees:people_export": "step with ticked people",
    "plans:overlaps": "pairs side by side",
    "trainees:message_to_classes": "step with ticked classes",
    "trainees:classes_paper": "step with ticked classes",
    "trainees:combine_classes": "step with ticked classes",
    "trainees:certificates_pdf": "step with ticked certificates",
    "trainees:year_certificates": "form",
    # answers to a script, files, and steps that are only sent
    "portal:counts": "answer to a script",
    "portal:find": "answer to a script",
    "imports:import_progress": "answer to a script",
    "courses:export_courses": "file",
    "plans:export_all": "file",
    "plans:hang_classes": "step with ticked classes",
    "roles:new_staff": "sent",
    "plans:plan_create": "sent",
    "courses:course_bulk": "sent",
    "trainees:compare_ticked": "sent",
}

# pages of one thing, and previews: what they show belongs to it and is no list of the office
OF_ONE_THING = {
    "trainees/evaluation/class_evaluation.html": "four aspects of one class",
    "academy/import_run.html": "preview of one file",
    "courses/course_versions.html": "two versions side by side",
    "courses/manage_course.html": "one course",
    "courses/expert.html": "one expert",
    "courses/_season_months.html": "board of the season",
    "courses/season_batch_preview.html": "preview",
    "courses/season_clone_preview.html": "preview",
    "plans/plan.html": "one plan",
    "plans/plan_compare.html": "two versions side by side",
    "plans/report.html": "one report",
    "plans/overlaps.html": "two trainings side by side",
    "plans/_items.html": "items of one plan",
    "plans/_grid.html": "grid of one plan",
    "plans/last_year.html": "items of one plan, before they are added",
    "plans/plan_paper.html": "paper of one plan",
    "plans/fee_list_paper.html": "paper of one list of lecture fees",
    "trainees/_roster_paper.html": "paper of one class",
    "trainees/nominations.html": "whom one street-town sends to one class",
    "practicums/manage_case.html": "one case",
    "practicums/secondment.html": "one secondment",
    "trainees/close_class.html": "one class",
    "trainees/class_roster.html": "one class",
    "trainees/certificates/of_class.html": "one class",
    "trainees/roll_history.html": "marks of one lesson",
    "trainees/_sign_in.html": "paper of one lesson",
    "trainees/people/pair.html": "two people side by side",
    "trainees/rosters.html": "people of one street-town, below the list",
    "trainees/people/person.html": "one person",
    "trainees/_hours.html": "hours of one person",
    "portal/manage.html": "desk",
    "portal/_my_past.html": "classes of one person",
    "courses/_courses_found.html": "public list",
    "courses/_classes_found.html": "public list",
    "portal/start.html": "check list of an empty portal",
    "portal/coverage/quotas.html": "trial of quotas, as the tab of one class",
    "practicums/_teaching_statement.html": "paper of one person and year",
    "trainees/_hour_statement.html": "paper of one person and year",
    "trainees/class_questions.html": "paper of one class",
}
IS_TABLE = re.compile(r"<table\b|{% pagination ")


def addresses(resolver, prefix="", space=""):
    """(URL name, path) of every address of the url conf."""
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", path
        else:
            name = f"{entry.namespace}:" if entry.namespace else ""
            yield from addresses(entry, path, space + name)


def test_every_page_without_a_row_is_a_list_or_says_why_not():
    of_lists = {the_list.address for the_list in lists().values()}
    without_row = {
        name
        for name, path in addresses(get_resolver())
        if path.startswith("manage/") and "<" not in path
    }

    assert without_row - of_lists - set(NO_LIST) == set()
    assert set(NO_LIST) - without_row == set()


def test_no_office_page_draws_a_table_of_its_own():
    found = set()
    for path in TEMPLATES.rglob("*.html"):
        name, text = path.relative_to(TEMPLATES).as_posix(), path.read_text(encoding="utf-8")
        is_office = "base_staff.html" in text or "lists/page.html" in text or path.stem[0] == "_"
        if IS_TABLE.search(text) and is_office and not name.startswith(("lists/", "components/")):
            found.add(name)

    assert found - set(OF_ONE_THING) == set()
