import academy.text.phones
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

from plans.version_guard import put_guard, take_guard_away


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('academy', '0001_initial'),
        ('courses', '0001_initial'),
        ('practicums', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FilingCounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(unique=True, verbose_name='year')),
                ('last_number', models.PositiveIntegerField(default=0, verbose_name='last number')),
            ],
            options={
                'verbose_name': 'filing counter',
                'verbose_name_plural': 'filing counters',
            },
        ),
        migrations.CreateModel(
            name='AnnualPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amendment_kind', models.CharField(blank=True, choices=[('change', 'Changed'), ('ad_hoc', 'Added during the year'), ('cancel', 'Cancelled')], max_length=6, verbose_name='kind')),
                ('approved_by_name', models.CharField(blank=True, max_length=40, verbose_name='approved by')),
                ('approved_by_post', models.CharField(blank=True, max_length=40, verbose_name='post of the leader')),
                ('approved_on', models.DateField(blank=True, null=True, verbose_name='approved on')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Handed in'), ('accepted', 'In review'), ('returned', 'Returned'), ('filed', 'Filed'), ('archived', 'Archived')], default='draft', max_length=10, verbose_name='status')),
                ('handed_in_on', models.DateField(blank=True, null=True, verbose_name='handed in on')),
                ('filing_sequence', models.PositiveIntegerField(blank=True, null=True, verbose_name='number in the year')),
                ('filing_number', models.CharField(blank=True, max_length=40, verbose_name='filing number')),
                ('filed_at', models.DateTimeField(blank=True, null=True, verbose_name='filed at')),
                ('amendment_reason', models.CharField(blank=True, max_length=200, verbose_name='reason for the change')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('campus', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='academy.campus', verbose_name='campus')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='academy.department', verbose_name='department')),
                ('submitted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('town', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='academy.town', verbose_name='town')),
            ],
            options={
                'verbose_name': 'annual plan',
                'verbose_name_plural': 'annual plans',
                'indexes': [models.Index(fields=['year', 'status'], name='plan_by_year_and_status')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('campus__isnull', True), ('department__isnull', True), ('town__isnull', False)), models.Q(('campus__isnull', True), ('department__isnull', False), ('town__isnull', True)), models.Q(('campus__isnull', False), ('department__isnull', True), ('town__isnull', True)), _connector='OR'), name='plan_has_exactly_one_owner', violation_error_message='A plan belongs to exactly one town, department or campus.'), models.UniqueConstraint(condition=models.Q(('town__isnull', False)), fields=('town', 'year'), name='one_plan_per_town_and_year', violation_error_message='There is a plan for this year already.'), models.UniqueConstraint(condition=models.Q(('department__isnull', False)), fields=('department', 'year'), name='one_plan_per_department_and_year', violation_error_message='There is a plan for this year already.'), models.UniqueConstraint(condition=models.Q(('campus__isnull', False)), fields=('campus', 'year'), name='one_plan_per_campus_and_year', violation_error_message='There is a plan for this year already.'), models.UniqueConstraint(condition=models.Q(('filing_sequence__isnull', False)), fields=('year', 'filing_sequence'), name='filing_sequence_unique_in_year'), models.UniqueConstraint(condition=models.Q(('filing_number', ''), _negated=True), fields=('year', 'filing_number'), name='filing_number_unique_in_year'), models.CheckConstraint(condition=models.Q(models.Q(('filed_at__isnull', True), ('filing_number', ''), ('filing_sequence__isnull', True)), models.Q(models.Q(('filing_number', ''), _negated=True), ('filed_at__isnull', False), ('filing_sequence__gte', 1)), _connector='OR'), name='filing_number_and_date_together'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('filed', 'archived')), _negated=True), models.Q(('filing_number', ''), _negated=True), _connector='OR'), name='filed_plan_has_a_number'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('submitted', 'accepted', 'filed', 'archived')), _negated=True), ('handed_in_on__isnull', False), _connector='OR'), name='handed_in_plan_has_its_day'), models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'submitted', 'accepted', 'returned', 'filed', 'archived'])), name='plan_status_is_known'), models.CheckConstraint(condition=models.Q(('year__gte', 2000), ('year__lte', 2100)), name='plan_year_is_sensible', violation_error_message='The year lies between 2000 and 2100.')],
            },
        ),
        migrations.CreateModel(
            name='PlanItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('standing', models.CharField(choices=[('planned', 'Planned'), ('ad_hoc', 'Added during the year'), ('cancelled', 'Cancelled')], default='planned', max_length=9, verbose_name='standing')),
                ('standing_reason', models.CharField(blank=True, max_length=200, verbose_name='why it was added or cancelled')),
                ('number', models.PositiveSmallIntegerField(verbose_name='No.')),
                ('name', models.CharField(max_length=80, verbose_name='training name')),
                ('organiser', models.CharField(max_length=60, verbose_name='organised by')),
                ('co_organiser', models.CharField(blank=True, max_length=80, verbose_name='carried out by')),
                ('purpose', models.CharField(blank=True, max_length=300, verbose_name='purpose')),
                ('audience', models.CharField(blank=True, max_length=300, verbose_name='for whom')),
                ('people', models.PositiveIntegerField(validators=[django.core.validators.MaxValueValidator(1000000)], verbose_name='people in the year')),
                ('runs', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MaxValueValidator(1000)], verbose_name='runs in the year')),
                ('months', models.CharField(blank=True, max_length=80, verbose_name='planned time')),
                ('quarter', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='first quarter')),
                ('days', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=5, validators=[django.core.validators.MinValueValidator(0)], verbose_name='days per run')),
                ('hours', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=6, validators=[django.core.validators.MinValueValidator(0)], verbose_name='study hours per run')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('content', models.CharField(blank=True, max_length=2000, verbose_name='training content')),
                ('formats', models.CharField(blank=True, max_length=80, verbose_name='ways of teaching')),
                ('budget', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=12, validators=[django.core.validators.MinValueValidator(0)], verbose_name='budget (yuan)')),
                ('funding', models.CharField(blank=True, max_length=60, verbose_name='source of money')),
                ('category', models.CharField(blank=True, choices=[('first', 'First'), ('second', 'Second'), ('third', 'Third')], max_length=6, verbose_name='training category')),
                ('other_system_cadres', models.BooleanField(default=False, verbose_name='includes cadres of other systems')),
                ('contact_name', models.CharField(blank=True, max_length=40, verbose_name='contact person')),
                ('contact_phone', models.CharField(blank=True, max_length=40, validators=[academy.text.phones.telephone_number], verbose_name='contact phone')),
                ('remark', models.CharField(blank=True, max_length=500, verbose_name='remark')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='plans.annualplan')),
            ],
            options={
                'verbose_name': 'plan item',
                'verbose_name_plural': 'plan items',
                'ordering': ['plan', 'number'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'number'), name='one_item_per_number'), models.UniqueConstraint(fields=('plan', 'key'), name='one_item_per_key'), models.CheckConstraint(condition=models.Q(models.Q(('standing', 'planned'), ('standing_reason', '')), models.Q(('standing__in', ('ad_hoc', 'cancelled')), models.Q(('standing_reason', ''), _negated=True)), _connector='OR'), name='plan_item_standing_has_its_reason'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='plan_item_has_a_name'), models.CheckConstraint(condition=models.Q(('days__gte', 0)), name='plan_item_days_not_negative', violation_error_message='The number must not be below 0.'), models.CheckConstraint(condition=models.Q(('hours__gte', 0)), name='plan_item_hours_not_negative', violation_error_message='The number must not be below 0.'), models.CheckConstraint(condition=models.Q(('budget__gte', 0)), name='plan_item_budget_not_negative', violation_error_message='The number must not be below 0.'), models.CheckConstraint(condition=models.Q(('people__gte', 1)), name='plan_item_people_at_least_one', violation_error_message='The number must be at least 1.'), models.CheckConstraint(condition=models.Q(('runs__gte', 1)), name='plan_item_runs_at_least_one', violation_error_message='The number must be at least 1.'), models.CheckConstraint(condition=models.Q(('quarter__isnull', True), models.Q(('quarter__gte', 1), ('quarter__lte', 4)), _connector='OR'), name='plan_item_quarter_is_a_quarter'), models.CheckConstraint(condition=models.Q(('category', ''), ('category__in', ['first', 'second', 'third']), _connector='OR'), name='plan_item_category_is_known')],
            },
        ),
        migrations.CreateModel(
            name='PlanStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('decision', models.CharField(choices=[('created', 'Started'), ('imported', 'Imported from a file'), ('import_undone', 'Import undone'), ('submitted', 'Handed in'), ('recalled', 'Recalled'), ('unit_opinion', 'Opinion of the unit'), ('accepted', 'Accepted for review'), ('returned', 'Sent back'), ('filed', 'Filed'), ('amendment_opened', 'Change begun'), ('amendment_dropped', 'Change dropped'), ('report_handed_in', 'Execution report handed in'), ('report_returned', 'Execution report sent back'), ('report_accepted', 'Execution report accepted'), ('archived', 'Archived')], max_length=20, verbose_name='decision')),
                ('opinion', models.CharField(blank=True, max_length=500, verbose_name='opinion')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='plans.annualplan')),
            ],
            options={
                'verbose_name': 'step of a plan',
                'verbose_name_plural': 'steps of a plan',
                'ordering': ['at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('decision__in', ['created', 'imported', 'import_undone', 'submitted', 'recalled', 'unit_opinion', 'accepted', 'returned', 'filed', 'amendment_opened', 'amendment_dropped', 'report_handed_in', 'report_returned', 'report_accepted', 'archived'])), name='plan_step_decision_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('decision__in', ('returned', 'report_returned')), _negated=True), models.Q(('opinion', ''), _negated=True), _connector='OR'), name='returned_plan_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='PlanVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amendment_kind', models.CharField(blank=True, choices=[('change', 'Changed'), ('ad_hoc', 'Added during the year'), ('cancel', 'Cancelled')], max_length=6, verbose_name='kind')),
                ('approved_by_name', models.CharField(blank=True, max_length=40, verbose_name='approved by')),
                ('approved_by_post', models.CharField(blank=True, max_length=40, verbose_name='post of the leader')),
                ('approved_on', models.DateField(blank=True, null=True, verbose_name='approved on')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('content', models.JSONField(verbose_name='content')),
                ('sha256', models.CharField(max_length=64)),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason for the change')),
                ('filed_at', models.DateTimeField(verbose_name='filed at')),
                ('filed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='plans.annualplan')),
            ],
            options={
                'verbose_name': 'plan version',
                'verbose_name_plural': 'plan versions',
                'ordering': ['plan', 'number'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'number'), name='one_plan_version_per_number'), models.CheckConstraint(condition=models.Q(('number', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='later_plan_version_has_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('amendment_kind', ''), ('number', 1)), models.Q(('amendment_kind__in', ['change', 'ad_hoc', 'cancel']), ('number__gt', 1), models.Q(('approved_by_name', ''), _negated=True), models.Q(('approved_by_post', ''), _negated=True), ('approved_on__isnull', False)), _connector='OR'), name='later_plan_version_is_approved')],
            },
        ),
        migrations.CreateModel(
            name='AudienceGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, unique=True, verbose_name='name')),
                ('sort_order', models.PositiveIntegerField(default=0, verbose_name='order')),
                ('active', models.BooleanField(default=True, verbose_name='in use')),
                ('words', models.CharField(blank=True, help_text='、 between them.', max_length=300, verbose_name='other words for it')),
                ('within', models.CharField(blank=True, help_text='Names of wider groups, 、 between them.', max_length=200, verbose_name='part of')),
            ],
            options={
                'verbose_name': 'group of people in plans',
                'verbose_name_plural': 'groups of people in plans',
                'ordering': ['sort_order', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='OverlapAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('join', 'Held together'), ('differs', 'Differs')], max_length=8, verbose_name='answer')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('texts', models.CharField(max_length=64)),
                ('at', models.DateTimeField(verbose_name='answered at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='plans.planitem')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='plans.planitem')),
            ],
            options={
                'verbose_name': 'answer to an overlap',
                'verbose_name_plural': 'answers to overlaps',
                'constraints': [models.UniqueConstraint(fields=('first', 'second'), name='one_answer_per_overlap'), models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='overlap_answer_names_the_smaller_first'), models.CheckConstraint(condition=models.Q(('way__in', ['join', 'differs'])), name='overlap_answer_is_known'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='overlap_answer_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='ProjectTopic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, unique=True, verbose_name='name')),
                ('sort_order', models.PositiveIntegerField(default=0, verbose_name='order')),
                ('active', models.BooleanField(default=True, verbose_name='in use')),
            ],
            options={
                'verbose_name': 'topic of projects',
                'verbose_name_plural': 'topics of projects',
                'ordering': ['sort_order', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Project',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=12, unique=True, verbose_name='code')),
                ('title', models.CharField(max_length=60, verbose_name='name')),
                ('level', models.CharField(choices=[('city', 'City'), ('district', 'District')], max_length=8, verbose_name='level')),
                ('year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(2000), django.core.validators.MaxValueValidator(2100)], verbose_name='year')),
                ('state', models.CharField(choices=[('prepared', 'In preparation'), ('running', 'Under way'), ('completed', 'Completed'), ('stopped', 'Stopped')], default='prepared', max_length=9, verbose_name='state')),
                ('started_on', models.DateField(blank=True, null=True, verbose_name='begun on')),
                ('completed_on', models.DateField(blank=True, null=True, verbose_name='completed on')),
                ('summary', models.TextField(blank=True, max_length=1500, verbose_name='what is done')),
                ('results', models.TextField(blank=True, max_length=1500, verbose_name='what came of it')),
                ('remark', models.CharField(blank=True, max_length=60, verbose_name='remark')),
                ('is_public', models.BooleanField(default=False, verbose_name='shown to everybody')),
                ('removed_on', models.DateField(blank=True, null=True, verbose_name='taken out on')),
                ('removed_reason', models.CharField(blank=True, max_length=200, verbose_name='why it was taken out')),
                ('updated_at', models.DateTimeField(verbose_name='changed at')),
                ('cases', models.ManyToManyField(blank=True, related_name='projects', to='practicums.practicecase', verbose_name='practice cases')),
                ('courses', models.ManyToManyField(blank=True, related_name='projects', to='courses.course', verbose_name='courses')),
                ('plan_items', models.ManyToManyField(blank=True, related_name='projects', to='plans.planitem', verbose_name='plan items')),
                ('updated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='academy.village', verbose_name='village')),
                ('topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='plans.projecttopic', verbose_name='topic')),
            ],
            options={
                'verbose_name': 'project of 先锋行动',
                'verbose_name_plural': 'projects of 先锋行动',
                'ordering': ['code'],
            },
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '\\A(?!(?:ADD|BATCH|CALENDAR|CARDS|CLONE|DELETE|EDIT|EXPORT|GAPS|IMPORT|IMPORTS|LIST|NEW|SEARCH|TEMPLATES|TOGETHER|UNDO)\\Z)[A-Z0-9][A-Z0-9-]*\\Z')), name='project_code_fits_addresses', violation_error_message='A code is made of capital letters, digits and hyphens, such as SW-031.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='project_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['city', 'district'])), name='project_level_is_known'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['prepared', 'running', 'completed', 'stopped'])), name='project_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('year__gte', 2000), ('year__lte', 2100)), name='project_year_is_sensible'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('started_on__isnull', True), ('completed_on__isnull', True), ('completed_on__gte', models.F('started_on')), _connector='OR'), name='project_ends_after_it_begins', violation_error_message='A project is not completed before it begins.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('completed_on__isnull', True), ('state', 'completed'), _connector='OR'), name='only_a_completed_project_has_its_day', violation_error_message='Only a completed project has a day on which it was completed.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('removed_on__isnull', True), ('removed_reason', '')), models.Q(('is_public', False), ('removed_on__isnull', False), models.Q(('removed_reason', ''), _negated=True)), _connector='OR'), name='removed_project_has_its_reason_and_is_not_public'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.UniqueConstraint(condition=models.Q(('removed_on__isnull', True)), fields=('village', 'title'), name='one_project_per_village_and_name', violation_error_message='This village has a project of this name already.'),
        ),
        migrations.CreateModel(
            name='ClassCost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='spent (yuan)')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('training_class', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plan_costs', to='courses.trainingclass', verbose_name='training class')),
            ],
            options={
                'verbose_name': 'cost of a class',
                'verbose_name_plural': 'costs of classes',
                'ordering': ['training_class', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='class_cost_not_negative', violation_error_message='The number must not be below 0.')],
            },
        ),
        migrations.CreateModel(
            name='ClassFiling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='why it stands outside the plans')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='class_filings', to='plans.planitem', verbose_name='plan item')),
                ('training_class', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='plan_filing', to='courses.trainingclass', verbose_name='training class')),
            ],
            options={
                'verbose_name': 'plan item of a class',
                'verbose_name_plural': 'plan items of classes',
                'constraints': [models.CheckConstraint(condition=models.Q(('item__isnull', False), models.Q(('reason', ''), _negated=True), _connector='OR'), name='class_filing_has_item_or_reason', violation_error_message='Choose a plan item, or write why there is none.')],
            },
        ),
        migrations.CreateModel(
            name='Chase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, verbose_name='code')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('at', models.DateTimeField(verbose_name='asked at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'unit asked for its plan',
                'verbose_name_plural': 'units asked for their plans',
                'constraints': [models.UniqueConstraint(fields=('code', 'year'), name='one_chase_per_unit_and_year')],
            },
        ),
        migrations.CreateModel(
            name='ExecutionReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('plan', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='report', to='plans.annualplan')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('handed_in', 'Handed in'), ('returned', 'Sent back'), ('accepted', 'Accepted')], default='draft', max_length=9, verbose_name='status')),
                ('handed_in_on', models.DateField(blank=True, null=True, verbose_name='handed in on')),
                ('begun_at', models.DateTimeField(verbose_name='begun at')),
            ],
            options={
                'verbose_name': 'execution report',
                'verbose_name_plural': 'execution reports',
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'handed_in', 'returned', 'accepted'])), name='execution_report_status_is_known'), models.CheckConstraint(condition=models.Q(('status', 'draft'), ('handed_in_on__isnull', False), _connector='OR'), name='handed_in_report_has_its_day')],
            },
        ),
        migrations.CreateModel(
            name='ReportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='plans.executionreport')),
                ('item_key', models.UUIDField()),
                ('number', models.PositiveSmallIntegerField(verbose_name='No.')),
                ('name', models.CharField(max_length=80, verbose_name='training name')),
                ('audience', models.CharField(blank=True, max_length=300, verbose_name='for whom')),
                ('content', models.CharField(blank=True, max_length=2000, verbose_name='training content')),
                ('held', models.CharField(blank=True, max_length=80, verbose_name='time')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('people', models.PositiveIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(1000000)], verbose_name='people trained')),
                ('staff', models.PositiveIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(100000)], verbose_name='staff')),
                ('spent', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=12, validators=[django.core.validators.MinValueValidator(0)], verbose_name='money spent (yuan)')),
                ('funding', models.CharField(blank=True, max_length=60, verbose_name='source of money')),
                ('results', models.CharField(blank=True, max_length=500, verbose_name='results')),
                ('problems', models.CharField(blank=True, max_length=500, verbose_name='problems and suggestions')),
            ],
            options={
                'verbose_name': 'row of an execution report',
                'verbose_name_plural': 'rows of an execution report',
                'ordering': ['report', 'number'],
                'constraints': [models.UniqueConstraint(fields=('report', 'item_key'), name='one_report_row_per_item'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='report_row_has_a_name'), models.CheckConstraint(condition=models.Q(('spent__gte', 0)), name='report_row_spent_not_negative', violation_error_message='The number must not be below 0.')],
            },
        ),
        migrations.CreateModel(
            name='ReturnReason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='item_reasons', to='plans.planstep')),
                ('item_key', models.UUIDField()),
                ('number', models.PositiveSmallIntegerField(verbose_name='No.')),
                ('name', models.CharField(max_length=80, verbose_name='training name')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
            ],
            options={
                'verbose_name': 'reason why an item came back',
                'verbose_name_plural': 'reasons why items came back',
                'ordering': ['step', 'number'],
                'constraints': [models.UniqueConstraint(fields=('step', 'item_key'), name='one_return_reason_per_item_and_step'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='return_reason_is_given')],
            },
        ),
        migrations.CreateModel(
            name='UnitOpinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='unit_opinion', to='plans.planstep')),
                ('part', models.CharField(choices=[('finance', 'Finance'), ('leader', 'Leader or office meeting')], max_length=8, verbose_name='of')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('post', models.CharField(max_length=40, verbose_name='post')),
                ('day', models.DateField(verbose_name='day')),
                ('agrees', models.BooleanField(verbose_name='agrees')),
                ('texts', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name': 'opinion of a unit',
                'verbose_name_plural': 'opinions of units',
                'ordering': ['step'],
                'constraints': [models.CheckConstraint(condition=models.Q(('part__in', ['finance', 'leader'])), name='unit_opinion_part_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('post', ''), _negated=True)), name='unit_opinion_says_who')],
            },
        ),
        migrations.CreateModel(
            name='PaperTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('filing', 'Filing letter and form'), ('report', 'Execution report'), ('year', 'Overview of the year')], max_length=6, unique=True, verbose_name='kind')),
                ('content', models.BinaryField()),
                ('name', models.CharField(max_length=120, verbose_name='file name')),
                ('at', models.DateTimeField(verbose_name='replaced at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'template of a paper',
                'verbose_name_plural': 'templates of papers',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['filing', 'report', 'year'])), name='paper_kind_is_known')],
            },
        ),
        migrations.RunPython(put_guard, take_guard_away),
    ]
