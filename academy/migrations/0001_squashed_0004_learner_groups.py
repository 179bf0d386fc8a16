import datetime
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


FIRST_GROUPS = ("业委会成员", "志愿者", "新就业群体", "居民")  # a beginning: staff rename, add and retire them


def add_first_groups(apps, schema_editor):
    group = apps.get_model("academy", "LearnerGroup")
    group.objects.bulk_create(group(name=name, sort_order=10 * number) for number, name in enumerate(FIRST_GROUPS, start=1))


class Migration(migrations.Migration):

    replaces = [
        ('academy', '0001_initial'),
        ('academy', '0002_search_reads_every_reading'),
        ('academy', '0003_import_runs'),
        ('academy', '0004_learner_groups'),
    ]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Town',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=9, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('kind', models.CharField(choices=[('subdistrict', 'Subdistrict'), ('town', 'Town'), ('industrial_park', 'Industrial park')], max_length=20, verbose_name='kind')),
                ('map_order', models.PositiveSmallIntegerField(default=0, verbose_name='place on the network picture')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
            ],
            options={
                'verbose_name': 'town',
                'verbose_name_plural': 'towns',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Village',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=12, unique=True, verbose_name='code')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='villages', to='academy.town', verbose_name='town')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('kind', models.CharField(choices=[('neighbourhood', 'Neighbourhood committee'), ('village', 'Village committee')], max_length=20, verbose_name='kind')),
                ('valid_from', models.DateField(default=datetime.date(2000, 1, 1), verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
            ],
            options={
                'verbose_name': 'village',
                'verbose_name_plural': 'villages',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Department',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('short_name', models.CharField(max_length=20, verbose_name='short name')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
            ],
            options={
                'verbose_name': 'department',
                'verbose_name_plural': 'departments',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Campus',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10, unique=True, verbose_name='code')),
                ('kind', models.CharField(choices=[('college', 'Main college'), ('branch', 'Branch'), ('salon', 'Governance salon')], max_length=10, verbose_name='kind')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('short_name', models.CharField(blank=True, max_length=6, verbose_name='short name')),
                ('theme', models.CharField(blank=True, max_length=80, verbose_name='theme')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campuses', to='academy.town', verbose_name='town')),
                ('host_organisation', models.CharField(blank=True, max_length=80, verbose_name='host organisation')),
                ('address', models.CharField(blank=True, max_length=120, verbose_name='address')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='phone')),
                ('opening_hours', models.CharField(blank=True, max_length=80, verbose_name='opening hours')),
                ('capacity', models.PositiveIntegerField(default=0, verbose_name='capacity (persons)')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
            ],
            options={
                'verbose_name': 'campus',
                'verbose_name_plural': 'campuses',
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True), ('kind', 'college')), fields=('kind',), name='one_college'), models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True), ('kind', 'salon')), fields=('town',), name='one_salon_per_town'), models.CheckConstraint(condition=models.Q(('kind__in', ['college', 'branch', 'salon'])), name='campus_kind_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Venue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10, unique=True, verbose_name='code')),
                ('campus', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='venues', to='academy.campus', verbose_name='campus')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('kind', models.CharField(blank=True, max_length=20, verbose_name='kind')),
                ('floor', models.CharField(blank=True, max_length=20, verbose_name='floor')),
                ('capacity', models.PositiveIntegerField(verbose_name='capacity (persons)')),
                ('immersive', models.BooleanField(default=False, verbose_name='practice classroom')),
                ('immersive_topic', models.CharField(blank=True, max_length=60, verbose_name='practice topic')),
                ('equipment', models.CharField(blank=True, max_length=200, verbose_name='equipment')),
                ('step_free', models.BooleanField(default=False, verbose_name='step-free access')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
            ],
            options={
                'verbose_name': 'venue',
                'verbose_name_plural': 'venues',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Position',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, unique=True, verbose_name='name')),
                ('sort_order', models.PositiveIntegerField(default=0, verbose_name='order')),
                ('active', models.BooleanField(default=True, verbose_name='in use')),
            ],
            options={
                'verbose_name': 'position',
                'verbose_name_plural': 'positions',
                'ordering': ['sort_order', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='GrowthStage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, unique=True, verbose_name='name')),
                ('sort_order', models.PositiveIntegerField(default=0, verbose_name='order')),
                ('active', models.BooleanField(default=True, verbose_name='in use')),
            ],
            options={
                'verbose_name': 'growth stage',
                'verbose_name_plural': 'growth stages',
                'ordering': ['sort_order', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LearnerGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, unique=True, verbose_name='name')),
                ('sort_order', models.PositiveIntegerField(default=0, verbose_name='order')),
                ('active', models.BooleanField(default=True, verbose_name='in use')),
            ],
            options={
                'verbose_name': "learners' group",
                'verbose_name_plural': "learners' groups",
                'ordering': ['sort_order', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('phone', models.CharField(error_messages={'unique': 'This mobile number is already used by another person.'}, max_length=11, unique=True, validators=[django.core.validators.RegexValidator('\\A1[0-9]{10}\\Z', 'Enter the 11 digits of a mobile number.')], verbose_name='mobile number')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('is_sample', models.BooleanField(default=False, verbose_name='sample person')),
                ('is_active', models.BooleanField(default=True, verbose_name='may log in')),
                ('is_staff', models.BooleanField(default=False, verbose_name='may open the vocabulary pages')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='joined at')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
            },
        ),
        migrations.CreateModel(
            name='RoleGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('role', models.CharField(choices=[('village_coordinator', 'Village coordinator'), ('branch_coordinator', 'Branch coordinator'), ('town_staff', 'Town staff'), ('department_staff', 'Department staff'), ('district_staff', 'District staff'), ('administrator', 'Administrator'), ('auditor', 'Auditor')], max_length=20, verbose_name='role')),
                ('village', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='academy.village', verbose_name='village')),
                ('campus', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='academy.campus', verbose_name='campus')),
                ('town', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='academy.town', verbose_name='town')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='academy.department', verbose_name='department')),
                ('valid_from', models.DateField(default=django.utils.timezone.localdate, verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
            ],
            options={
                'verbose_name': 'role grant',
                'verbose_name_plural': 'role grants',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('campus__isnull', True), ('department__isnull', True), ('role__in', ('village_coordinator',)), ('town__isnull', True), ('village__isnull', False)), models.Q(('campus__isnull', False), ('department__isnull', True), ('role__in', ('branch_coordinator',)), ('town__isnull', True), ('village__isnull', True)), models.Q(('campus__isnull', True), ('department__isnull', True), ('role__in', ('town_staff',)), ('town__isnull', False), ('village__isnull', True)), models.Q(('campus__isnull', True), ('department__isnull', False), ('role__in', ('department_staff',)), ('town__isnull', True), ('village__isnull', True)), models.Q(('campus__isnull', True), ('department__isnull', True), ('role__in', ('district_staff', 'administrator', 'auditor')), ('town__isnull', True), ('village__isnull', True)), _connector='OR'), name='grant_scope_fits_the_role', violation_error_message='Choose exactly the one place that this role works for; a district-wide role has none.'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='grant_ends_after_it_begins', violation_error_message='The last day lies before the first day.')],
            },
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('code', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=120)),
                ('url', models.CharField(max_length=200)),
                ('words', models.TextField()),
                ('pinyin', models.TextField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'code'), name='one_search_entry_per_thing')],
            },
        ),
        migrations.CreateModel(
            name='SearchVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.UUIDField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='one_search_version')],
            },
        ),
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20, verbose_name='kind')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='import_runs', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('file_name', models.CharField(max_length=200, verbose_name='file')),
                ('status', models.CharField(choices=[('previewed', 'Not imported yet'), ('imported', 'Imported'), ('undone', 'Undone')], default='previewed', max_length=10, verbose_name='status')),
                ('warnings', models.JSONField(default=list)),
                ('before', models.JSONField(blank=True, null=True)),
                ('after', models.CharField(blank=True, max_length=64)),
                ('previewed_at', models.DateTimeField()),
                ('imported_at', models.DateTimeField(blank=True, null=True)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['previewed', 'imported', 'undone'])), name='import_status_is_known')],
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='academy.importrun')),
                ('sheet', models.CharField(blank=True, max_length=40)),
                ('row', models.PositiveIntegerField()),
                ('key', models.CharField(blank=True, max_length=80)),
                ('title', models.CharField(blank=True, max_length=120)),
                ('cells', models.JSONField(default=dict)),
                ('values', models.JSONField(default=dict)),
                ('fate', models.CharField(choices=[('new', 'New'), ('changed', 'Changed'), ('same', 'As before'), ('rejected', 'Cannot')], max_length=10)),
                ('changes', models.JSONField(default=list)),
                ('reasons', models.JSONField(default=list)),
                ('remarks', models.JSONField(default=list)),
            ],
            options={
                'verbose_name': 'row of an import',
                'verbose_name_plural': 'rows of imports',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('fate__in', ['new', 'changed', 'same', 'rejected'])), name='import_row_fate_is_known')],
            },
        ),
        migrations.RunPython(add_first_groups, migrations.RunPython.noop),
    ]
