from academy.imports.command import ImportCommand


class Command(ImportCommand):
    help = (
        "Import courses from an .xlsx, .xls or .csv file; without --commit only say what it would"
        " do."
    )
    kind = "courses"
