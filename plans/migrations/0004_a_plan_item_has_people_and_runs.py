from django.db import migrations, models
from django.db.models import Q


def refuse_items_of_nobody(apps, schema_editor):
    """What was typed before the form refused 0 can only be put right by whoever knows the number."""
    items = apps.get_model("plans", "PlanItem").objects.filter(Q(people=0) | Q(runs=0))
    found = [f"plan {item.plan_id}, no. {item.number}" for item in items.order_by("plan", "number")]
    if found:
        raise ValueError(
            "Some items of annual plans have 0 people or 0 runs. "
            f"Put them right, then migrate again: {'; '.join(found)}"
        )


class Migration(migrations.Migration):
    dependencies = [("plans", "0003_longer_columns_of_items")]

    operations = [
        migrations.RunPython(refuse_items_of_nobody, migrations.RunPython.noop, elidable=True),
        migrations.RemoveConstraint("planitem", "plan_item_people_not_negative"),
        migrations.RemoveConstraint("planitem", "plan_item_runs_not_negative"),
        *(
            migrations.AddConstraint(
                "planitem",
                models.CheckConstraint(
                    condition=Q(**{f"{field}__gte": 1}),
                    name=f"plan_item_{field}_at_least_one",
                    violation_error_message="The number must be at least 1.",
                ),
            )
            for field in ("people", "runs")
        ),
    ]
