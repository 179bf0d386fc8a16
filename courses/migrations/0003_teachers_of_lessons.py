"""Several people teach a lesson: the one expert of each becomes its lecturer."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def move_in(apps, schema_editor):
    lessons = apps.get_model("courses", "Lesson").objects.exclude(expert=None)
    rows = apps.get_model("courses", "LessonTeacher").objects
    rows.bulk_create(
        [
            rows.model(lesson_id=lesson, expert_id=expert, role="lecturer")
            for lesson, expert in lessons.order_by("pk").values_list("pk", "expert")
        ],
        batch_size=1000,
    )


def move_back(apps, schema_editor):
    lessons = apps.get_model("courses", "Lesson").objects
    rows = apps.get_model("courses", "LessonTeacher").objects.filter(role="lecturer")
    for lesson, expert in rows.order_by("-place", "-pk").values_list("lesson", "expert"):
        lessons.filter(pk=lesson).update(expert=expert)


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0002_conditions_on_the_row"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LessonTeacher',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('lecturer', 'Lecturer'), ('commentator', 'Commentator'), ('class_teacher', 'Class teacher')], max_length=15, verbose_name='role')),
                ('place', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('expert', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='teaching', to='courses.expert', verbose_name='expert')),
                ('lesson', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='teachers', to='courses.lesson')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='class_teaching', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'teacher of a lesson',
                'verbose_name_plural': 'teachers of lessons',
                'ordering': ['lesson', 'place', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['lecturer', 'commentator', 'class_teacher'])), name='teaching_role_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('expert__isnull', False), ('person__isnull', True)), models.Q(('expert__isnull', True), ('person__isnull', False), ('role', 'class_teacher')), _connector='OR'), name='an_expert_or_a_class_teacher'), models.UniqueConstraint(fields=('lesson', 'expert'), name='an_expert_once_in_a_lesson'), models.UniqueConstraint(fields=('lesson', 'person'), name='a_person_once_in_a_lesson')],
            },
        ),
        migrations.RunPython(move_in, move_back),
        migrations.RemoveField(model_name="lesson", name="expert"),
    ]
