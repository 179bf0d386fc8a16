import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('academy', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=2000, verbose_name='What would you like to tell us?')),
                ('contact', models.CharField(blank=True, max_length=60, verbose_name='How can we reach you?')),
                ('page', models.CharField(blank=True, max_length=200)),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('handled_at', models.DateTimeField(blank=True, null=True)),
                ('handled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sent_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='feedback', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'feedback',
                'verbose_name_plural': 'feedback',
                'ordering': ['-sent_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='UnansweredQuery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week', models.DateField(verbose_name='week of')),
                ('words', models.CharField(max_length=60, verbose_name='what was typed')),
                ('times', models.PositiveIntegerField(default=1, verbose_name='how often')),
            ],
            options={
                'verbose_name': 'unanswered query',
                'verbose_name_plural': 'unanswered queries',
                'ordering': ['-week', '-times', 'words'],
                'constraints': [models.UniqueConstraint(fields=('week', 'words'), name='unanswered_query_once_a_week')],
            },
        ),
        migrations.CreateModel(
            name='IndicatorFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.CharField(max_length=20)),
                ('scope', models.CharField(blank=True, max_length=20)),
                ('season', models.CharField(max_length=6)),
                ('part', models.PositiveIntegerField()),
                ('whole', models.PositiveIntegerField(blank=True, null=True)),
                ('counted_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'figure of the monitor',
                'verbose_name_plural': 'figures of the monitor',
                'constraints': [models.UniqueConstraint(fields=('scope', 'indicator', 'season'), name='one_figure_per_scope_and_season'), models.CheckConstraint(condition=models.Q(('whole__isnull', True), ('part__lte', models.F('whole')), _connector='OR'), name='a_part_is_within_its_whole')],
            },
        ),
        migrations.CreateModel(
            name='IndicatorOwner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.CharField(max_length=20, unique=True)),
                ('set_at', models.DateTimeField()),
                ('campus', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='academy.campus')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='academy.department')),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'owner of an indicator',
                'verbose_name_plural': 'owners of indicators',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('campus__isnull', False), ('department__isnull', True)), models.Q(('campus__isnull', True), ('department__isnull', False)), _connector='OR'), name='an_indicator_has_one_owner')],
            },
        ),
    ]
