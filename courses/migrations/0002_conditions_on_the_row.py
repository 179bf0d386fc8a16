from django.db import migrations, models

LINKS = ("audiences", "open_to_groups", "stages", "towns", "prerequisites")


def copy_from_links(apps, _schema_editor) -> None:
    for training_class in apps.get_model("courses", "TrainingClass").objects.all():
        keys = {
            name: sorted(getattr(training_class, name).values_list("pk", flat=True))
            for name in LINKS
        }
        training_class.conditions = {name: found for name, found in keys.items() if found}
        training_class.save(update_fields=["conditions"])


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="trainingclass",
            name="conditions",
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.RunPython(copy_from_links, migrations.RunPython.noop),
    ]
