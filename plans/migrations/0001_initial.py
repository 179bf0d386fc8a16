import academy.text.phones
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

from plans.lecture_fees.guards import GUARDS as FEE_GUARDS
from plans.version_guard import GUARD


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
                ('course', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plan_items', to='courses.course', verbose_name='course of the catalogue')),
                ('course_is_chosen', models.BooleanField(default=False)),
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
        migrations.CreateModel(
            name='LectureFeeCap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.CharField(choices=[('associate', 'Associate professor and below'), ('professor', 'Full professor'), ('eminent', 'Academician or nationally known expert')], max_length=9, unique=True, verbose_name='rank')),
                ('yuan_per_hour', models.DecimalField(blank=True, decimal_places=2, help_text='Yuan. Empty: it is not checked.', max_digits=8, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='yuan per study hour, after tax')),
                ('source', models.CharField(blank=True, max_length=120, verbose_name='source of the figure')),
            ],
            options={
                'verbose_name': 'cap of lecture fees',
                'verbose_name_plural': 'caps of lecture fees',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('rank__in', ['associate', 'professor', 'eminent'])), name='lecture_fee_cap_rank_is_known'), models.CheckConstraint(condition=models.Q(('yuan_per_hour__isnull', True), ('yuan_per_hour__gte', 0), _connector='OR'), name='lecture_fee_cap_not_negative', violation_error_message='The number must not be below 0.')],
            },
        ),
        migrations.CreateModel(
            name='PersonDayCap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(choices=[('first', 'First'), ('second', 'Second'), ('third', 'Third')], max_length=6, unique=True, verbose_name='training category')),
                ('yuan_per_person_day', models.DecimalField(blank=True, decimal_places=2, help_text='Yuan. Empty: it is not checked.', max_digits=8, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='yuan per person and day')),
                ('source', models.CharField(blank=True, max_length=120, verbose_name='source of the figure')),
            ],
            options={
                'verbose_name': 'cap per person and day',
                'verbose_name_plural': 'caps per person and day',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('category__in', ['first', 'second', 'third'])), name='person_day_cap_category_is_known'), models.CheckConstraint(condition=models.Q(('yuan_per_person_day__isnull', True), ('yuan_per_person_day__gte', 0), _connector='OR'), name='person_day_cap_not_negative', violation_error_message='The number must not be below 0.')],
            },
        ),
        migrations.CreateModel(
            name='ItemConsent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('asked', 'Asked for'), ('given', 'Given'), ('refused', 'Refused'), ('waived', 'Filed without it')], max_length=7, verbose_name='state')),
                ('asked_on', models.DateField(blank=True, null=True, verbose_name='asked on')),
                ('answered_on', models.DateField(blank=True, null=True, verbose_name='answered on')),
                ('by_whom', models.CharField(blank=True, max_length=60, verbose_name='who answered')),
                ('document', models.CharField(blank=True, max_length=60, verbose_name='number of the document')),
                ('opinion', models.CharField(blank=True, max_length=300, verbose_name='opinion or reason')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='plans.planitem')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'consent to a plan item',
                'verbose_name_plural': 'consents to plan items',
                'ordering': ['item', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'given', 'refused', 'waived'])), name='item_consent_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('given', 'refused')), _negated=True), models.Q(('answered_on__isnull', False), models.Q(('by_whom', ''), _negated=True)), _connector='OR'), name='answered_consent_says_who_and_when'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'asked'), _negated=True), ('asked_on__isnull', False), _connector='OR'), name='asked_consent_says_when'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('refused', 'waived')), _negated=True), models.Q(('opinion', ''), _negated=True), _connector='OR'), name='refused_consent_has_a_reason'), models.CheckConstraint(condition=models.Q(('asked_on__isnull', True), ('answered_on__isnull', True), ('answered_on__gte', models.F('asked_on')), _connector='OR'), name='consent_is_answered_after_it_is_asked')],
            },
        ),
        migrations.CreateModel(
            name='LectureFeeList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('quarter', models.PositiveSmallIntegerField(verbose_name='quarter')),
                ('number', models.PositiveSmallIntegerField(default=1, verbose_name='number')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='why a supplementary list')),
                ('status', models.CharField(choices=[('draft', 'Being made out'), ('returned', 'Sent back'), ('made_out', 'To be checked'), ('checked', 'To be approved'), ('approved', 'Approved')], default='draft', max_length=8, verbose_name='status')),
                ('approved_on', models.DateField(blank=True, null=True, verbose_name='approved on')),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('campus', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lecture_fee_lists', to='academy.campus')),
                ('checked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lecture_fee_lists', to='academy.department')),
                ('made_out_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('supplements', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='supplementary_lists', to='plans.lecturefeelist')),
                ('town', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lecture_fee_lists', to='academy.town')),
            ],
            options={
                'verbose_name': 'list of lecture fees',
                'verbose_name_plural': 'lists of lecture fees',
            },
        ),
        migrations.CreateModel(
            name='LectureFeeRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('lecturer', 'Lecturer'), ('commentator', 'Commentator'), ('class_teacher', 'Class teacher')], max_length=15, verbose_name='role')),
                ('lecturer', models.CharField(max_length=40, verbose_name='name')),
                ('post', models.CharField(blank=True, max_length=60, verbose_name='post')),
                ('taught_on', models.DateField(verbose_name='taught on')),
                ('taught', models.CharField(max_length=200, verbose_name='what was taught')),
                ('hours', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='study hours')),
                ('counted_hours', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='hours that count')),
                ('rank', models.CharField(choices=[('associate', 'Associate professor and below'), ('professor', 'Full professor'), ('eminent', 'Academician or nationally known expert')], max_length=9, verbose_name='rank')),
                ('yuan', models.DecimalField(blank=True, decimal_places=2, max_digits=9, null=True, verbose_name='lecture fee (yuan)')),
                ('received_on', models.DateField(blank=True, null=True, verbose_name='received on')),
                ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='plans.lecturefeerow')),
                ('expert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fee_rows', to='courses.expert', verbose_name='expert')),
                ('fee_list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='plans.lecturefeelist')),
                ('lesson', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='fee_rows', to='courses.lesson')),
                ('received_noted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('typed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'row of a list of lecture fees',
                'verbose_name_plural': 'rows of lists of lecture fees',
                'ordering': ['fee_list', 'expert__code', 'taught_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='LectureFeeStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('decision', models.CharField(choices=[('begun', 'Begun'), ('made_out', 'Made out'), ('recalled', 'Taken back'), ('checked', 'Checked'), ('approved', 'Approved'), ('returned', 'Sent back'), ('received', 'Signatures noted'), ('unsigned', 'Signatures taken back')], max_length=8, verbose_name='decision')),
                ('opinion', models.CharField(blank=True, max_length=500, verbose_name='opinion')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fee_list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='plans.lecturefeelist')),
            ],
            options={
                'verbose_name': 'step of a list of lecture fees',
                'verbose_name_plural': 'steps of lists of lecture fees',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='lecturefeelist',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('campus__isnull', True), ('department__isnull', True), ('town__isnull', False)), models.Q(('campus__isnull', True), ('department__isnull', False), ('town__isnull', True)), models.Q(('campus__isnull', False), ('department__isnull', True), ('town__isnull', True)), _connector='OR'), name='lecture_fee_list_has_exactly_one_owner'),
        ),
        migrations.AddConstraint(
            model_name='lecturefeelist',
            constraint=models.UniqueConstraint(condition=models.Q(('town__isnull', False)), fields=('town', 'year', 'quarter', 'number'), name='one_fee_list_per_town_season_and_number'),
        ),
        migrations.AddConstraint(
            model_name='lecturefeelist',
            constraint=models.UniqueConstraint(condition=models.Q(('department__isnull', False)), fields=('department', 'year', 'quarter', 'number'), name='one_fee_list_per_department_season_and_number'),
        ),
        migrations.AddConstraint(
            model_name='lecturefeelist',
            constraint=models.UniqueConstraint(condition=models.Q(('campus__isnull', False)), fields=('campus', 'year', 'quarter', 'number'), name='one_fee_list_per_campus_season_and_number'),
        ),
        migrations.AddConstraint(
            model_name='lecturefeelist',
            constraint=models.CheckConstraint(condition=models.Q(('quarter__gte', 1), ('year__gte', 2020), ('year__lte', 2100), ('quarter__lte', 4)), name='lecture_fee_list_season_is_sensible'),
        ),
        migrations.AddConstraint(
            model_name='lecturefeelist',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number', 1), ('reason', ''), ('supplements__isnull', True)), models.Q(('number__gt', 1), ('supplements__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='supplementary_fee_list_names_the_first_and_says_why'),
        ),
        migrations.AddConstraint(
            model_name='lecturefeelist',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'returned', 'made_out', 'checked', 'approved'])), name='lecture_fee_status_is_known'),
        ),
        migrations.AddConstraint(
            model_name='lecturefeelist',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ('draft', 'returned')), ('made_out_by__isnull', False), _connector='OR'), name='made_out_fee_list_says_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='lecturefeelist',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('checked', 'approved')), _negated=True), ('checked_by__isnull', False), _connector='OR'), name='checked_fee_list_says_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='lecturefeelist',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_by__isnull', False), ('approved_on__isnull', False), ('status', 'approved')), models.Q(models.Q(('status', 'approved'), _negated=True), ('approved_by__isnull', True), ('approved_on__isnull', True)), _connector='OR'), name='approved_fee_list_says_by_whom_and_when'),
        ),
        migrations.AddConstraint(
            model_name='lecturefeelist',
            constraint=models.CheckConstraint(condition=models.Q(('checked_by__isnull', True), models.Q(('checked_by', models.F('made_out_by')), _negated=True), _connector='OR'), name='fee_list_is_checked_by_somebody_else'),
        ),
        migrations.AddConstraint(
            model_name='lecturefeelist',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(models.Q(('approved_by', models.F('made_out_by')), _negated=True), models.Q(('approved_by', models.F('checked_by')), _negated=True)), _connector='OR'), name='fee_list_is_approved_by_a_third_person'),
        ),
        migrations.AddConstraint(
            model_name='lecturefeerow',
            constraint=models.UniqueConstraint(condition=models.Q(('corrects__isnull', True)), fields=('lesson', 'expert'), name='a_lecturer_is_paid_once_for_a_lesson', violation_error_message='This lecturer stands on a list for this lesson.'),
        ),
        migrations.AddConstraint(
            model_name='lecturefeerow',
            constraint=models.UniqueConstraint(condition=models.Q(('corrects__isnull', False)), fields=('fee_list', 'corrects'), name='a_fee_row_is_corrected_once_on_a_list'),
        ),
        migrations.AddConstraint(
            model_name='lecturefeerow',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ('lecturer', 'commentator'))), name='fee_row_is_of_a_lecturer_or_commentator'),
        ),
        migrations.AddConstraint(
            model_name='lecturefeerow',
            constraint=models.CheckConstraint(condition=models.Q(('rank__in', ['associate', 'professor', 'eminent'])), name='fee_row_rank_is_known'),
        ),
        migrations.AddConstraint(
            model_name='lecturefeerow',
            constraint=models.CheckConstraint(condition=models.Q(('yuan__isnull', True), ('yuan__gte', 0), ('corrects__isnull', False), _connector='OR'), name='lecture_fee_not_negative', violation_error_message='The number must not be below 0.'),
        ),
        migrations.AddConstraint(
            model_name='lecturefeerow',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('received_noted_by__isnull', True), ('received_on__isnull', True)), models.Q(('received_noted_by__isnull', False), ('received_on__isnull', False), ('yuan__isnull', False)), _connector='OR'), name='received_lecture_fee_says_when_and_who_noted_it'),
        ),
        migrations.AddConstraint(
            model_name='lecturefeestep',
            constraint=models.CheckConstraint(condition=models.Q(('decision__in', ['begun', 'made_out', 'recalled', 'checked', 'approved', 'returned', 'received', 'unsigned'])), name='fee_step_decision_is_known'),
        ),
        migrations.AddConstraint(
            model_name='lecturefeestep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decision__in', ('returned', 'unsigned')), _negated=True), models.Q(('opinion', ''), _negated=True), _connector='OR'), name='returned_fee_list_has_a_reason'),
        ),
        migrations.RunPython(GUARD.put, GUARD.take_away),
        *(migrations.RunPython(guard.put, guard.take_away) for guard in FEE_GUARDS),
    ]
