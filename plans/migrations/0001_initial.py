import academy.text.phones
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('academy', '0001_initial'),
        ('courses', '0001_initial'),
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
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'In review'), ('returned', 'Returned'), ('filed', 'Filed')], default='draft', max_length=10, verbose_name='status')),
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
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('campus__isnull', True), ('department__isnull', True), ('town__isnull', False)), models.Q(('campus__isnull', True), ('department__isnull', False), ('town__isnull', True)), models.Q(('campus__isnull', False), ('department__isnull', True), ('town__isnull', True)), _connector='OR'), name='plan_has_exactly_one_owner', violation_error_message='A plan belongs to exactly one town, department or campus.'), models.UniqueConstraint(condition=models.Q(('town__isnull', False)), fields=('town', 'year'), name='one_plan_per_town_and_year', violation_error_message='There is a plan for this year already.'), models.UniqueConstraint(condition=models.Q(('department__isnull', False)), fields=('department', 'year'), name='one_plan_per_department_and_year', violation_error_message='There is a plan for this year already.'), models.UniqueConstraint(condition=models.Q(('campus__isnull', False)), fields=('campus', 'year'), name='one_plan_per_campus_and_year', violation_error_message='There is a plan for this year already.'), models.UniqueConstraint(condition=models.Q(('filing_sequence__isnull', False)), fields=('year', 'filing_sequence'), name='filing_sequence_unique_in_year'), models.UniqueConstraint(condition=models.Q(('filing_number', ''), _negated=True), fields=('year', 'filing_number'), name='filing_number_unique_in_year'), models.CheckConstraint(condition=models.Q(models.Q(('filed_at__isnull', True), ('filing_number', ''), ('filing_sequence__isnull', True)), models.Q(models.Q(('filing_number', ''), _negated=True), ('filed_at__isnull', False), ('filing_sequence__gte', 1)), _connector='OR'), name='filing_number_and_date_together'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'filed'), _negated=True), models.Q(('filing_number', ''), _negated=True), _connector='OR'), name='filed_plan_has_a_number'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('submitted', 'filed')), _negated=True), ('handed_in_on__isnull', False), _connector='OR'), name='handed_in_plan_has_its_day'), models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'submitted', 'returned', 'filed'])), name='plan_status_is_known'), models.CheckConstraint(condition=models.Q(('year__gte', 2000), ('year__lte', 2100)), name='plan_year_is_sensible', violation_error_message='The year lies between 2000 and 2100.')],
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
                ('decision', models.CharField(choices=[('created', 'Started'), ('imported', 'Imported from a file'), ('import_undone', 'Import undone'), ('submitted', 'Handed in'), ('recalled', 'Recalled'), ('review_begun', 'Review begun'), ('returned', 'Sent back'), ('filed', 'Filed'), ('amendment_opened', 'Change begun'), ('amendment_dropped', 'Change dropped')], max_length=20, verbose_name='decision')),
                ('opinion', models.CharField(blank=True, max_length=500, verbose_name='opinion')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='plans.annualplan')),
            ],
            options={
                'verbose_name': 'step of a plan',
                'verbose_name_plural': 'steps of a plan',
                'ordering': ['at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('decision__in', ['created', 'imported', 'import_undone', 'submitted', 'recalled', 'review_begun', 'returned', 'filed', 'amendment_opened', 'amendment_dropped'])), name='plan_step_decision_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('decision', 'returned'), _negated=True), models.Q(('opinion', ''), _negated=True), _connector='OR'), name='returned_plan_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='PlanVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
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
                'constraints': [models.UniqueConstraint(fields=('plan', 'number'), name='one_plan_version_per_number'), models.CheckConstraint(condition=models.Q(('number', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='later_plan_version_has_a_reason')],
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
    ]
