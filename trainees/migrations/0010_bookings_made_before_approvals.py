from django.db import migrations


def mark(apps, schema_editor):
    """Whoever has booked a class whose rule already said "chain" was never asked about, and is not now."""
    Enrolment, Approval = apps.get_model("trainees", "Enrolment"), apps.get_model("trainees", "Approval")
    live = Enrolment.objects.filter(status__in=("waitlisted", "offered", "booked", "completed"), training_class__approval="chain", approval__isnull=True)
    Approval.objects.bulk_create(
        Approval(enrolment=enrolment, status="not_needed", since=enrolment.created_at) for enrolment in live.iterator()
    )  # fmt: skip


def unmark(apps, schema_editor):
    apps.get_model("trainees", "Approval").objects.filter(status="not_needed").delete()


class Migration(migrations.Migration):

    dependencies = [
        ("courses", "0008_approval_by_kind_of_class"),
        ("trainees", "0009_approvals"),
    ]

    operations = [migrations.RunPython(mark, unmark)]
