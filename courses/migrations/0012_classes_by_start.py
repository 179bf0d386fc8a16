from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0011_removed_lessons'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='trainingclass',
            index=models.Index(fields=['starts_at'], name='class_by_start'),
        ),
    ]
