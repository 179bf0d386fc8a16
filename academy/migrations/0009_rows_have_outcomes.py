from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("academy", "0008_imports_ask_and_remember")]

    operations = [
        migrations.RemoveConstraint(model_name="importrow", name="import_row_fate_is_known"),
        migrations.RenameField(model_name="importrow", old_name="fate", new_name="outcome"),
        migrations.AddConstraint(
            model_name="importrow",
            constraint=models.CheckConstraint(
                condition=models.Q(outcome__in=["new", "changed", "same", "rejected"]),
                name="import_row_outcome_is_known",
            ),
        ),
    ]
