import datetime
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


FIRST_GROUPS = ("业委会成员", "志愿者", "新就业群体", "居民")  # a beginning: staff rename, add and retire


def add_first_groups(apps, schema_editor):
    group = apps.get_model("academy", "LearnerGroup")
    group.objects.bulk_create(
        group(name=name, sort_order=10 * number) for number, name in enumerate(FIRST_GROUPS, start=1)
    )


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
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
            name='SpecialDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True, verbose_name='day')),
                ('is_off', models.BooleanField(verbose_name='offices are closed')),
                ('name', models.CharField(blank=True, max_length=20, verbose_name='name')),
            ],
            options={
                'verbose_name': 'special day',
                'verbose_name_plural': 'special days',
                'ordering': ['day'],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('tried_at', models.JSONField(default=list)),
                ('kept_until', models.DateTimeField(db_index=True)),
            ],
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
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_here', to=settings.AUTH_USER_MODEL)),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'indexes': [models.Index(condition=models.Q(('is_active', False)), fields=['id'], name='suspended_people'), models.Index(condition=models.Q(('is_active', True), ('last_login', None)), fields=['id'], name='people_who_never_logged_in'), models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['id'], name='people_joined_away')],
                'constraints': [models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), ('is_active', False), _connector='OR'), name='whoever_was_joined_away_is_closed')],
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
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '\\A(?!(?:ADD|BATCH|CALENDAR|CARDS|CLONE|DELETE|EDIT|EXPORT|GAPS|IMPORT|IMPORTS|LIST|NEW|SEARCH|TEMPLATES|TOGETHER|UNDO)\\Z)[A-Z0-9][A-Z0-9-]*\\Z')), name='department_code_fits_addresses', violation_error_message='A code is made of capital letters, digits and hyphens, such as SW-031.')],
            },
        ),
        migrations.CreateModel(
            name='DifferentPeople',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'two different people',
                'verbose_name_plural': 'pairs of different people',
                'constraints': [models.UniqueConstraint(fields=('first', 'second'), name='one_answer_for_each_pair'), models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='the_smaller_key_comes_first')],
            },
        ),
        migrations.CreateModel(
            name='HeadingWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20, verbose_name='kind')),
                ('owner', models.CharField(blank=True, max_length=40, verbose_name='owner')),
                ('word', models.CharField(max_length=40, verbose_name='word')),
                ('spelling', models.CharField(editable=False, max_length=40)),
                ('column', models.CharField(blank=True, max_length=40, verbose_name='column')),
                ('added_at', models.DateTimeField()),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'word of a heading',
                'verbose_name_plural': 'words of headings',
                'ordering': ['kind', 'owner', 'column', 'spelling'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'owner', 'spelling'), name='one_meaning_per_heading_word'), models.CheckConstraint(condition=models.Q(('spelling', ''), _negated=True), name='heading_word_has_letters')],
            },
        ),
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20, verbose_name='kind')),
                ('file_name', models.CharField(max_length=200, verbose_name='file')),
                ('context', models.JSONField(default=dict)),
                ('choices', models.JSONField(default=dict)),
                ('content', models.BinaryField(default=b'')),
                ('status', models.CharField(choices=[('previewed', 'Not imported yet'), ('imported', 'Imported'), ('undone', 'Undone'), ('discarded', 'Put away')], default='previewed', max_length=10, verbose_name='status')),
                ('questions', models.JSONField(default=list)),
                ('hidden', models.JSONField(default=list)),
                ('warnings', models.JSONField(default=list)),
                ('before', models.JSONField(blank=True, null=True)),
                ('after', models.CharField(blank=True, max_length=64)),
                ('marks', models.JSONField(default=dict)),
                ('previewed_at', models.DateTimeField()),
                ('imported_at', models.DateTimeField(blank=True, null=True)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='import_runs', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['previewed', 'imported', 'undone', 'discarded'])), name='import_status_is_known')],
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sheet', models.CharField(blank=True, max_length=40)),
                ('row', models.PositiveIntegerField()),
                ('key', models.CharField(blank=True, max_length=120)),
                ('title', models.CharField(blank=True, max_length=120)),
                ('cells', models.JSONField(default=dict)),
                ('values', models.JSONField(default=dict)),
                ('outcome', models.CharField(choices=[('new', 'New'), ('changed', 'Changed'), ('same', 'As before'), ('rejected', 'Cannot')], max_length=10)),
                ('changes', models.JSONField(default=list)),
                ('reasons', models.JSONField(default=list)),
                ('remarks', models.JSONField(default=list)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='academy.importrun')),
            ],
            options={
                'verbose_name': 'row of an import',
                'verbose_name_plural': 'rows of imports',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ['new', 'changed', 'same', 'rejected'])), name='import_row_outcome_is_known')],
            },
        ),
        migrations.CreateModel(
            name='PersonChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('added', 'Added'), ('corrected', 'Corrected'), ('phone', 'Number changed'), ('posting', 'Post added'), ('moved', 'Moved to another unit'), ('posting_ended', 'Post ended'), ('stage', 'Growth stage set'), ('suspended', 'Account suspended'), ('restored', 'Account restored'), ('role', 'Role granted'), ('role_ended', 'Role ended'), ('role_extended', 'Role extended'), ('merged', 'Two entries joined'), ('parted', 'Joined entries parted'), ('revealed', 'Whole number looked at')], max_length=15, verbose_name='what')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('details', models.JSONField(default=list)),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('import_run', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='academy.importrun')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'change of a person',
                'verbose_name_plural': 'changes of people',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['person', '-at'], name='changes_of_a_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['added', 'corrected', 'phone', 'posting', 'moved', 'posting_ended', 'stage', 'suspended', 'restored', 'role', 'role_ended', 'role_extended', 'merged', 'parted', 'revealed'])), name='person_change_kind_is_known')],
            },
        ),
        migrations.CreateModel(
            name='PersonKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(db_index=True, max_length=40)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('key__startswith', '=')), fields=['key', 'person'], name='whole_names_as_they_sound')],
                'constraints': [models.UniqueConstraint(fields=('person', 'key'), name='one_key_of_a_person')],
            },
        ),
        migrations.CreateModel(
            name='PersonMerge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('moved', models.JSONField(default=dict)),
                ('given', models.JSONField(default=dict)),
                ('posts', models.JSONField(default=dict)),
                ('changed', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('ended', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('parted_at', models.DateTimeField(blank=True, null=True, verbose_name='undone at')),
                ('away', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges_away', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('parted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='undone by')),
                ('survivor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'joining of two entries',
                'verbose_name_plural': 'joinings of entries',
                'ordering': ['-at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('parted_at__isnull', True)), fields=('away',), name='an_entry_is_joined_once'), models.CheckConstraint(condition=models.Q(('away', models.F('survivor')), _negated=True), name='nobody_is_joined_with_themselves')],
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
                ('audience', models.CharField(blank=True, max_length=60)),
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
            name='SettingChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40)),
                ('value', models.CharField(blank=True, max_length=200, verbose_name='value')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'change of a setting',
                'verbose_name_plural': 'changes of settings',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['key', '-id'], name='changes_of_a_setting')],
            },
        ),
        migrations.CreateModel(
            name='TopicWords',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('said', models.TextField(help_text='Words and phrases, 、 between them.', max_length=1000, verbose_name='what people say')),
                ('means', models.CharField(help_text='Codes of courses and service items, or other words, 、 between them.', max_length=200, verbose_name='what is meant')),
                ('active', models.BooleanField(default=True, verbose_name='in use')),
            ],
            options={
                'verbose_name': 'topic words',
                'verbose_name_plural': 'topic words',
                'ordering': ('means', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('means',), name='one_row_of_topic_words_per_meaning', violation_error_message='There is a row for this meaning. Add the words to it.')],
            },
        ),
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
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '\\A(?!(?:ADD|BATCH|CALENDAR|CARDS|CLONE|DELETE|EDIT|EXPORT|GAPS|IMPORT|IMPORTS|LIST|NEW|SEARCH|TEMPLATES|TOGETHER|UNDO)\\Z)[A-Z0-9][A-Z0-9-]*\\Z')), name='town_code_fits_addresses', violation_error_message='A code is made of capital letters, digits and hyphens, such as SW-031.')],
            },
        ),
        migrations.CreateModel(
            name='TownBorder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(help_text='The map or document that says so.', max_length=120, verbose_name='source')),
                ('active', models.BooleanField(default=True, verbose_name='in use')),
                ('neighbour', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='academy.town', verbose_name='bordering street-town')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='academy.town', verbose_name='town')),
            ],
            options={
                'verbose_name': 'town border',
                'verbose_name_plural': 'town borders',
                'ordering': ['town__code', 'neighbour__code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('town', models.F('neighbour')), _negated=True), name='no_town_borders_itself', violation_error_message='Choose two different street-towns.'), models.UniqueConstraint(django.db.models.functions.comparison.Least('town', 'neighbour'), django.db.models.functions.comparison.Greatest('town', 'neighbour'), name='one_row_per_town_border', violation_error_message='There is a row for these two, in use or out of use. One row serves both ways.')],
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
                ('host_organisation', models.CharField(blank=True, max_length=80, verbose_name='host organisation')),
                ('address', models.CharField(blank=True, max_length=120, verbose_name='address')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='phone')),
                ('motif', models.CharField(blank=True, choices=[('hall', 'Hall'), ('table', 'Round table'), ('towers', 'Tall houses'), ('rows', "Rows of workers' houses"), ('lift', 'House with a new lift'), ('boat', 'Waterfront'), ('works', 'Works'), ('village', 'Village house'), ('fields', 'Fields'), ('garden', 'Garden'), ('courier', 'Courier'), ('door', 'Staircase door'), ('talk', 'Talk'), ('drawing', 'Plan and pencil'), ('mast', 'Mast with signals'), ('key', 'House and key'), ('star', 'House with a star')], max_length=10, verbose_name='drawing')),
                ('latitude', models.DecimalField(blank=True, decimal_places=6, max_digits=8, null=True, verbose_name='latitude')),
                ('longitude', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='longitude')),
                ('opening_hours', models.CharField(blank=True, max_length=80, verbose_name='opening hours')),
                ('capacity', models.PositiveIntegerField(default=0, verbose_name='capacity (persons)')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campuses', to='academy.town', verbose_name='town')),
            ],
            options={
                'verbose_name': 'campus',
                'verbose_name_plural': 'campuses',
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True), ('kind', 'college')), fields=('kind',), name='one_college', violation_error_message='There is a main college already. Close that one first.'), models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True), ('kind', 'salon')), fields=('town',), name='one_salon_per_town', violation_error_message='This street-town has a salon already. Close that one first.'), models.CheckConstraint(condition=models.Q(('kind__in', ['college', 'branch', 'salon'])), name='campus_kind_is_known'), models.CheckConstraint(condition=models.Q(('motif__in', ['', 'hall', 'table', 'towers', 'rows', 'lift', 'boat', 'works', 'village', 'fields', 'garden', 'courier', 'door', 'talk', 'drawing', 'mast', 'key', 'star'])), name='campus_motif_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__isnull', False), ('latitude__range', (-90, 90)), ('longitude__isnull', False), ('longitude__range', (-180, 180))), _connector='OR'), name='campus_has_both_coordinates', violation_error_message='A place on the map needs its latitude (such as 31.405) and its longitude (such as 121.489).'), models.CheckConstraint(condition=models.Q(('code__regex', '\\A(?!(?:ADD|BATCH|CALENDAR|CARDS|CLONE|DELETE|EDIT|EXPORT|GAPS|IMPORT|IMPORTS|LIST|NEW|SEARCH|TEMPLATES|TOGETHER|UNDO)\\Z)[A-Z0-9][A-Z0-9-]*\\Z')), name='campus_code_fits_addresses', violation_error_message='A code is made of capital letters, digits and hyphens, such as SW-031.')],
            },
        ),
        migrations.CreateModel(
            name='Venue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('kind', models.CharField(blank=True, max_length=20, verbose_name='kind')),
                ('floor', models.CharField(blank=True, max_length=20, verbose_name='floor')),
                ('capacity', models.PositiveIntegerField(verbose_name='capacity (persons)')),
                ('immersive', models.BooleanField(default=False, verbose_name='practice classroom')),
                ('immersive_topic', models.CharField(blank=True, max_length=60, verbose_name='practice topic')),
                ('equipment', models.CharField(blank=True, max_length=200, verbose_name='equipment')),
                ('step_free', models.BooleanField(default=False, verbose_name='step-free access')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
                ('campus', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='venues', to='academy.campus', verbose_name='campus')),
            ],
            options={
                'verbose_name': 'venue',
                'verbose_name_plural': 'venues',
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '\\A(?!(?:ADD|BATCH|CALENDAR|CARDS|CLONE|DELETE|EDIT|EXPORT|GAPS|IMPORT|IMPORTS|LIST|NEW|SEARCH|TEMPLATES|TOGETHER|UNDO)\\Z)[A-Z0-9][A-Z0-9-]*\\Z')), name='venue_code_fits_addresses', violation_error_message='A code is made of capital letters, digits and hyphens, such as SW-031.')],
            },
        ),
        migrations.CreateModel(
            name='Village',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=12, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('kind', models.CharField(choices=[('neighbourhood', 'Neighbourhood committee'), ('village', 'Village committee')], max_length=20, verbose_name='kind')),
                ('valid_from', models.DateField(default=datetime.date(2000, 1, 1), verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='villages', to='academy.town', verbose_name='town')),
            ],
            options={
                'verbose_name': 'village',
                'verbose_name_plural': 'villages',
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '\\A(?!(?:ADD|BATCH|CALENDAR|CARDS|CLONE|DELETE|EDIT|EXPORT|GAPS|IMPORT|IMPORTS|LIST|NEW|SEARCH|TEMPLATES|TOGETHER|UNDO)\\Z)[A-Z0-9][A-Z0-9-]*\\Z')), name='village_code_fits_addresses', violation_error_message='A code is made of capital letters, digits and hyphens, such as SW-031.')],
            },
        ),
        migrations.CreateModel(
            name='RoleGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('village_coordinator', 'Village coordinator'), ('branch_coordinator', 'Branch coordinator'), ('town_staff', 'Town staff'), ('department_staff', 'Department staff'), ('district_staff', 'District staff'), ('administrator', 'Administrator'), ('auditor', 'Auditor')], max_length=20, verbose_name='role')),
                ('valid_from', models.DateField(default=django.utils.timezone.localdate, verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
                ('granted_at', models.DateTimeField(blank=True, null=True, verbose_name='granted at')),
                ('campus', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='academy.campus', verbose_name='campus')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='academy.department', verbose_name='department')),
                ('granted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='granted by')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('town', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='academy.town', verbose_name='town')),
                ('village', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='academy.village', verbose_name='village')),
            ],
            options={
                'verbose_name': 'role grant',
                'verbose_name_plural': 'role grants',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('campus__isnull', True), ('department__isnull', True), ('role__in', ('village_coordinator',)), ('town__isnull', True), ('village__isnull', False)), models.Q(('campus__isnull', False), ('department__isnull', True), ('role__in', ('branch_coordinator',)), ('town__isnull', True), ('village__isnull', True)), models.Q(('campus__isnull', True), ('department__isnull', True), ('role__in', ('town_staff',)), ('town__isnull', False), ('village__isnull', True)), models.Q(('campus__isnull', True), ('department__isnull', False), ('role__in', ('department_staff',)), ('town__isnull', True), ('village__isnull', True)), models.Q(('campus__isnull', True), ('department__isnull', True), ('role__in', ('district_staff', 'administrator', 'auditor')), ('town__isnull', True), ('village__isnull', True)), _connector='OR'), name='grant_scope_fits_the_role', violation_error_message='Choose exactly the one place that this role works for; a district-wide role has none.'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='grant_ends_after_it_begins', violation_error_message='The last day lies before the first day.')],
            },
        ),
        migrations.RunPython(add_first_groups, migrations.RunPython.noop),
    ]
