import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import trainees.models.certificates
import trainees.models.class_messages
import trainees.models.people
from trainees.record.ledger_guard import GUARD
from trainees.record.locked_marks import GUARD as LOCKED_MARKS

FIRST_WORDS = ("公务", "病假", "事假", "婚丧产假")  # reasons for an absence; the office changes them on a page


def put_first_words(apps, schema_editor):
    reasons = apps.get_model("trainees", "AbsenceReason").objects
    reasons.bulk_create(
        reasons.model(name=name, sort_order=order) for order, name in enumerate(FIRST_WORDS)
    )


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('academy', '0001_initial'),
        ('courses', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AbsenceReason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, unique=True, verbose_name='name')),
                ('sort_order', models.PositiveIntegerField(default=0, verbose_name='order')),
                ('active', models.BooleanField(default=True, verbose_name='in use')),
            ],
            options={
                'verbose_name': 'reason for an absence',
                'verbose_name_plural': 'reasons for absences',
                'ordering': ['sort_order', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Enrolment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('waitlisted', 'On the waiting list'), ('offered', 'Offered a seat'), ('booked', 'Booked'), ('completed', 'Completed'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Ended without a seat')], max_length=10, verbose_name='status')),
                ('channel', models.CharField(choices=[('self', 'Booked by oneself'), ('coordinator', 'Booked by a coordinator'), ('dispatch', 'Dispatched'), ('walk_in', 'Came without booking')], default='self', max_length=12, verbose_name='channel')),
                ('queued_at', models.DateTimeField(verbose_name='queued at')),
                ('priority', models.SmallIntegerField(choices=[(-1, 'Before the others'), (0, 'In order of joining'), (1, 'After the others')], default=0, verbose_name='priority')),
                ('priority_reason', models.CharField(blank=True, max_length=200, verbose_name='reason for the priority')),
                ('offer_ends_at', models.DateTimeField(blank=True, null=True, verbose_name='offered until')),
                ('is_repeat', models.BooleanField(default=False, verbose_name='has taken the same before')),
                ('repeat_reason', models.CharField(blank=True, max_length=200, verbose_name='why it is taken again')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('booked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('learner_group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='academy.learnergroup', verbose_name="learners' group")),
                ('pool', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='courses.seatpool')),
                ('position', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='academy.position', verbose_name='position')),
                ('training_class', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='courses.trainingclass')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='academy.village', verbose_name='village')),
            ],
            options={
                'verbose_name': 'enrolment',
                'verbose_name_plural': 'enrolments',
                'ordering': ['training_class', 'queued_at', 'pk'],
                'indexes': [models.Index(fields=['training_class', 'status', 'priority', 'queued_at'], name='enrolment_queue'), models.Index(condition=models.Q(('is_repeat', True), ('learner_group__isnull', True), ('status__in', ('waitlisted', 'offered', 'booked', 'completed'))), fields=['training_class'], name='enrolment_repeats'), models.Index(condition=models.Q(('learner_group__isnull', False)), fields=['training_class'], name='enrolment_of_groups')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('pool__isnull', False), ('status__in', ('offered', 'booked', 'completed'))), models.Q(models.Q(('status__in', ('offered', 'booked', 'completed')), _negated=True), ('pool__isnull', True)), _connector='OR'), name='who_holds_a_seat_has_a_pool'), models.CheckConstraint(condition=models.Q(('status__in', ['waitlisted', 'offered', 'booked', 'completed', 'withdrawn', 'lapsed'])), name='enrolment_status_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('offer_ends_at__isnull', False), ('status', 'offered')), models.Q(models.Q(('status', 'offered'), _negated=True), ('offer_ends_at__isnull', True)), _connector='OR'), name='an_offer_has_its_end'), models.CheckConstraint(condition=models.Q(models.Q(('learner_group__isnull', True), ('position__isnull', False)), models.Q(('learner_group__isnull', False), ('position__isnull', True)), _connector='OR'), name='enrolment_has_a_post_or_a_group'), models.CheckConstraint(condition=models.Q(('priority', 0), models.Q(('priority_reason', ''), _negated=True), _connector='OR'), name='priority_has_its_reason')],
            },
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('pending', 'Waits for approval'), ('approved', 'Approved'), ('refused', 'Not approved'), ('unanswered', 'Nobody answered before the start'), ('not_needed', 'Booked without approval')], max_length=10, verbose_name='status')),
                ('level', models.CharField(blank=True, choices=[('village', 'Village'), ('town', 'Street-town'), ('district', 'District')], max_length=8, verbose_name='level')),
                ('since', models.DateTimeField(verbose_name='since')),
                ('enrolment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='approval', to='trainees.enrolment')),
            ],
            options={
                'verbose_name': 'approval',
                'verbose_name_plural': 'approvals',
                'ordering': ['enrolment'],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['pending', 'approved', 'refused', 'unanswered', 'not_needed'])), name='approval_status_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('level__in', ['village', 'town', 'district']), ('status', 'pending')), models.Q(models.Q(('status', 'pending'), _negated=True), ('level', '')), _connector='OR'), name='who_is_asked_is_known')],
            },
        ),
        migrations.CreateModel(
            name='EnrolmentEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('booked', 'Booked'), ('waitlisted', 'Joined the waiting list'), ('promoted', 'Promoted from the waiting list'), ('offered', 'Offered a seat'), ('accepted', 'Offer taken'), ('expired', 'Offer not taken in time'), ('priority', 'Place in the queue changed'), ('skipped', 'Passed over'), ('withdrawn', 'Withdrawn'), ('completed', 'Completed'), ('reopened', 'Class reopened'), ('lapsed', 'Ended without a seat'), ('cancelled', 'Class cancelled')], max_length=12, verbose_name='kind')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='trainees.enrolment')),
            ],
            options={
                'verbose_name': 'enrolment event',
                'verbose_name_plural': 'enrolment events',
                'ordering': ['enrolment', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['booked', 'waitlisted', 'promoted', 'offered', 'accepted', 'expired', 'priority', 'skipped', 'withdrawn', 'completed', 'reopened', 'lapsed', 'cancelled'])), name='enrolment_event_kind_is_known')],
            },
        ),
        migrations.CreateModel(
            name='ExportTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=30, verbose_name='name')),
                ('columns', models.JSONField(default=list, verbose_name='columns')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='export_templates', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'export template',
                'verbose_name_plural': 'export templates',
                'ordering': ['owner', 'name'],
                'constraints': [models.UniqueConstraint(fields=('owner', 'name'), name='one_export_template_per_name')],
            },
        ),
        migrations.CreateModel(
            name='HourTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hours', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='study hours a year')),
                ('centralised_sessions', models.PositiveSmallIntegerField(default=0, verbose_name='centralised trainings a year')),
                ('legal_basis', models.CharField(max_length=200, verbose_name='legal basis')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
                ('position', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hour_targets', to='academy.position', verbose_name='position')),
            ],
            options={
                'verbose_name': 'hour target',
                'verbose_name_plural': 'hour targets',
                'ordering': ['position', '-valid_from'],
                'constraints': [models.UniqueConstraint(fields=('position', 'valid_from'), name='one_hour_target_per_position_and_start')],
            },
        ),
        migrations.CreateModel(
            name='LateWithdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('decision', models.CharField(choices=[('pending', 'Waits for an answer'), ('granted', 'Granted'), ('refused', 'Refused')], default='pending', max_length=8, verbose_name='decision')),
                ('answer', models.CharField(blank=True, max_length=200, verbose_name='answer')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='late_withdrawals', to='trainees.enrolment')),
            ],
            options={
                'verbose_name': 'late withdrawal',
                'verbose_name_plural': 'late withdrawals',
                'ordering': ['asked_at', 'pk'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('decision__in', ['pending', 'granted', 'refused'])), name='latewithdrawal_decision_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decision', 'pending')), models.Q(models.Q(('decision', 'pending'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='latewithdrawal_is_decided_once'), models.CheckConstraint(condition=models.Q(('answer', ''), ('decision', 'refused'), _negated=True), name='latewithdrawal_is_refused_with_a_reason'), models.UniqueConstraint(condition=models.Q(('decision', 'pending')), fields=('enrolment',), name='one_open_withdrawal_per_booking')],
            },
        ),
        migrations.CreateModel(
            name='LessonMaterial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('title', models.CharField(max_length=60, verbose_name='title')),
                ('file', models.FileField(max_length=120, upload_to='', verbose_name='file')),
                ('original_name', models.CharField(max_length=120, verbose_name='name of the file')),
                ('content_type', models.CharField(max_length=80)),
                ('size', models.PositiveIntegerField(verbose_name='size (bytes)')),
                ('sha256', models.CharField(max_length=64)),
                ('added_at', models.DateTimeField(verbose_name='added at')),
                ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='taken away at')),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lesson', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='materials', to='courses.lesson')),
            ],
            options={
                'verbose_name': 'material of a lesson',
                'verbose_name_plural': 'materials of lessons',
                'ordering': ['lesson__starts_at', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('lesson', 'sha256'), name='one_row_for_each_file_of_a_lesson'), models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='material_is_not_empty')],
            },
        ),
        migrations.CreateModel(
            name='QueueGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('together', models.BooleanField(verbose_name='all or nobody')),
                ('created_at', models.DateTimeField(verbose_name='made at')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('training_class', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='queue_groups', to='courses.trainingclass')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='queue_groups', to='academy.village', verbose_name='village')),
            ],
            options={
                'verbose_name': 'group in the queue',
                'verbose_name_plural': 'groups in the queue',
                'ordering': ['training_class', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='enrolment',
            name='group',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='trainees.queuegroup'),
        ),
        migrations.CreateModel(
            name='Trainee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('gender', models.CharField(blank=True, choices=[('female', 'Female'), ('male', 'Male')], max_length=6, verbose_name='gender')),
                ('born_in', models.CharField(blank=True, max_length=7, verbose_name='born in')),
                ('left_on', models.DateField(blank=True, null=True, verbose_name='left on')),
                ('stroke_key', models.CharField(blank=True, max_length=120)),
                ('learner_group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='trainees', to='academy.learnergroup', verbose_name="learners' group")),
                ('position', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='trainees', to='academy.position', verbose_name='position')),
                ('stage', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='trainees', to='academy.growthstage', verbose_name='growth stage')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='trainee', to=settings.AUTH_USER_MODEL)),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trainees', to='academy.village', verbose_name='village')),
            ],
            options={
                'verbose_name': 'trainee',
                'verbose_name_plural': 'trainees',
                'indexes': [models.Index(fields=['stroke_key', 'id'], name='trainees_in_stroke_order'), models.Index(condition=models.Q(('left_on', None), ('position__isnull', False), ('stage', None)), fields=['village'], name='cadres_without_a_stage')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('learner_group__isnull', True), ('position__isnull', False)), models.Q(('learner_group__isnull', False), ('position__isnull', True)), _connector='OR'), name='trainee_has_a_post_or_a_group'), models.CheckConstraint(condition=models.Q(('gender__in', ['', 'female', 'male'])), name='trainee_gender_is_known'), models.CheckConstraint(condition=models.Q(('born_in', ''), ('born_in__regex', '^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$'), _connector='OR'), name='trainee_born_in_is_a_month'), models.CheckConstraint(condition=models.Q(('left_on__isnull', True), ('position__isnull', False), _connector='OR'), name='only_a_cadre_has_left')],
            },
        ),
        migrations.CreateModel(
            name='RepeatExemption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('decision', models.CharField(choices=[('pending', 'Waits for an answer'), ('granted', 'Granted'), ('refused', 'Refused')], default='pending', max_length=8, verbose_name='decision')),
                ('answer', models.CharField(blank=True, max_length=200, verbose_name='answer')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('earlier', models.CharField(max_length=200, verbose_name='earlier training')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('training_class', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='repeat_exemptions', to='courses.trainingclass')),
                ('trainee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='repeat_exemptions', to='trainees.trainee')),
            ],
            options={
                'verbose_name': 'exemption',
                'verbose_name_plural': 'exemptions',
                'ordering': ['asked_at', 'pk'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('decision__in', ['pending', 'granted', 'refused'])), name='repeatexemption_decision_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decision', 'pending')), models.Q(models.Q(('decision', 'pending'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='repeatexemption_is_decided_once'), models.CheckConstraint(condition=models.Q(('answer', ''), ('decision', 'refused'), _negated=True), name='repeatexemption_is_refused_with_a_reason'), models.UniqueConstraint(condition=models.Q(('decision', 'refused'), _negated=True), fields=('trainee', 'training_class'), name='one_exemption_per_class')],
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_extra', models.BooleanField(default=False, verbose_name='held beside another post')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
                ('position', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='academy.position')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='academy.village')),
                ('trainee', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='postings', to='trainees.trainee')),
            ],
            options={
                'verbose_name': 'posting',
                'verbose_name_plural': 'postings',
                'ordering': ['trainee', '-valid_from'],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='posting_ends_after_it_begins'), models.UniqueConstraint(condition=models.Q(('is_extra', False), ('valid_to__isnull', True)), fields=('trainee',), name='one_main_post_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='NoShowAppeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('decision', models.CharField(choices=[('pending', 'Waits for an answer'), ('granted', 'Granted'), ('refused', 'Refused')], default='pending', max_length=8, verbose_name='decision')),
                ('answer', models.CharField(blank=True, max_length=200, verbose_name='answer')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('trainee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='no_show_appeals', to='trainees.trainee')),
            ],
            options={
                'verbose_name': 'appeal',
                'verbose_name_plural': 'appeals',
                'ordering': ['asked_at', 'pk'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('decision__in', ['pending', 'granted', 'refused'])), name='noshowappeal_decision_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decision', 'pending')), models.Q(models.Q(('decision', 'pending'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='noshowappeal_is_decided_once'), models.CheckConstraint(condition=models.Q(('answer', ''), ('decision', 'refused'), _negated=True), name='noshowappeal_is_refused_with_a_reason'), models.UniqueConstraint(condition=models.Q(('decision', 'pending')), fields=('trainee',), name='one_open_appeal_per_trainee')],
            },
        ),
        migrations.CreateModel(
            name='Nomination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('asked', 'Waits for an answer'), ('coming', 'Comes'), ('cannot', 'Cannot come'), ('replaced', 'Replaced'), ('released', 'Seat given back')], default='asked', max_length=10, verbose_name='status')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='why not')),
                ('nominated_at', models.DateTimeField(verbose_name='nominated at')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered at')),
                ('enrolment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='nomination', to='trainees.enrolment')),
                ('nominated_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='trainees.nomination')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='nominations', to='academy.town')),
                ('training_class', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='nominations', to='courses.trainingclass')),
                ('trainee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='nominations', to='trainees.trainee')),
            ],
            options={
                'verbose_name': 'nomination',
                'verbose_name_plural': 'nominations',
                'ordering': ['training_class', 'pk'],
                'indexes': [models.Index(fields=['status', 'answered_at'], name='nomination_by_status')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ('asked', 'coming', 'cannot'))), fields=('training_class', 'trainee'), name='one_standing_nomination_per_class'), models.CheckConstraint(condition=models.Q(('status__in', ['asked', 'coming', 'cannot', 'replaced', 'released'])), name='nomination_status_is_known'), models.CheckConstraint(condition=models.Q(('reason', ''), ('status', 'cannot'), _negated=True), name='who_cannot_come_says_why')],
            },
        ),
        migrations.CreateModel(
            name='LightAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('joined_at', models.DateTimeField(verbose_name='joined at')),
                ('warned_at', models.DateTimeField(blank=True, null=True, verbose_name='told that it will lapse at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('end', models.CharField(blank=True, choices=[('lapsed', 'Not used for a year'), ('became_cadre', 'Became a cadre'), ('left', 'Closed by the person')], max_length=12, verbose_name='how it ended')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='light_accounts', to='academy.learnergroup', verbose_name="learners' group")),
                ('trainee', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='light_accounts', to='trainees.trainee')),
            ],
            options={
                'verbose_name': 'light account',
                'verbose_name_plural': 'light accounts',
                'ordering': ['trainee', '-joined_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('trainee',), name='one_light_account_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('end', ''), ('ended_at__isnull', True)), models.Q(('end__in', ['lapsed', 'became_cadre', 'left']), ('ended_at__isnull', False)), _connector='OR'), name='light_account_ends_for_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Interest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='since')),
                ('training_class', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='interests', to='courses.trainingclass')),
                ('trainee', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='interests', to='trainees.trainee')),
            ],
            options={
                'verbose_name': 'interest',
                'verbose_name_plural': 'interests',
                'ordering': ['training_class', 'at', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('trainee', 'training_class'), name='one_interest_per_trainee_and_class')],
            },
        ),
        migrations.CreateModel(
            name='HourEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('lesson', 'Lesson attended'), ('make_up', 'Lesson made up'), ('claim', 'Outside training'), ('correction', 'Correction'), ('practicum', 'Practice'), ('teaching', 'Teaching given')], max_length=12, verbose_name='kind')),
                ('hours', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='study hours')),
                ('earned_on', models.DateField(verbose_name='earned on')),
                ('closing', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='closing of the class')),
                ('rule', models.CharField(max_length=120, verbose_name='rule')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('posted_at', models.DateTimeField(verbose_name='posted at')),
                ('enrolment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hour_entries', to='trainees.enrolment')),
                ('lesson', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hour_entries', to='courses.lesson')),
                ('posted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reverses', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='trainees.hourentry')),
                ('trainee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hour_entries', to='trainees.trainee')),
            ],
            options={
                'verbose_name': 'hour entry',
                'verbose_name_plural': 'hour entries',
                'ordering': ['-earned_on', 'pk'],
                'indexes': [models.Index(fields=['trainee', 'earned_on'], name='hours_by_trainee')],
                'constraints': [models.UniqueConstraint(fields=('enrolment', 'lesson', 'closing', 'kind'), name='hours_are_posted_once'), models.CheckConstraint(condition=models.Q(models.Q(('closing__isnull', False), ('enrolment__isnull', False), ('hours__gt', 0), ('kind__in', ('lesson', 'make_up')), ('lesson__isnull', False), ('reverses__isnull', True)), models.Q(('closing__isnull', True), ('enrolment__isnull', True), ('hours__gt', 0), ('kind__in', ('claim', 'practicum')), ('lesson__isnull', True), ('reverses__isnull', True)), models.Q(('closing__isnull', True), ('enrolment__isnull', True), ('hours__gt', 0), ('kind', 'teaching'), ('reverses__isnull', True)), models.Q(('kind', 'correction'), ('reverses__isnull', False)), _connector='OR'), name='hour_entry_kind_fits')],
            },
        ),
        migrations.CreateModel(
            name='Follow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(verbose_name='since')),
                ('campus', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='academy.campus', verbose_name='campus')),
                ('course', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='courses.course', verbose_name='course')),
                ('track', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='courses.track', verbose_name='track')),
                ('trainee', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='trainees.trainee')),
            ],
            options={
                'verbose_name': 'follow',
                'verbose_name_plural': 'follows',
                'ordering': ['trainee', '-since', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('campus__isnull', True), ('course__isnull', False), ('track__isnull', True)), models.Q(('campus__isnull', True), ('course__isnull', True), ('track__isnull', False)), models.Q(('campus__isnull', False), ('course__isnull', True), ('track__isnull', True)), _connector='OR'), name='follow_has_one_target'), models.UniqueConstraint(condition=models.Q(('course__isnull', False)), fields=('trainee', 'course'), name='one_follow_per_course'), models.UniqueConstraint(condition=models.Q(('track__isnull', False)), fields=('trainee', 'track'), name='one_follow_per_track'), models.UniqueConstraint(condition=models.Q(('campus__isnull', False)), fields=('trainee', 'campus'), name='one_follow_per_campus')],
            },
        ),
        migrations.AddField(
            model_name='enrolment',
            name='trainee',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='trainees.trainee'),
        ),
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(default=trainees.models.people.new_calendar_token, max_length=60, unique=True)),
                ('created_at', models.DateTimeField(verbose_name='made at')),
                ('trainee', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_feed', to='trainees.trainee')),
            ],
            options={
                'verbose_name': 'calendar feed',
                'verbose_name_plural': 'calendar feeds',
            },
        ),
        migrations.CreateModel(
            name='ApprovalStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('village', 'Village'), ('town', 'Street-town'), ('district', 'District')], max_length=8, verbose_name='level')),
                ('decision', models.CharField(choices=[('pending', 'Waits'), ('approved', 'Approved'), ('refused', 'Not approved'), ('known', 'Booked or sent by them'), ('skipped', 'Left out'), ('silent', 'Silent, passed on'), ('closed', 'No longer asked')], max_length=8, verbose_name='decision')),
                ('opinion', models.CharField(blank=True, max_length=200, verbose_name='opinion')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('passes_on_at', models.DateTimeField(blank=True, null=True, verbose_name='passed on at')),
                ('at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('approval', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='trainees.approval')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('on_behalf_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='on behalf of')),
            ],
            options={
                'verbose_name': 'step of an approval',
                'verbose_name_plural': 'steps of approvals',
                'ordering': ['approval', 'pk'],
                'indexes': [models.Index(fields=['decision', 'level', 'passes_on_at'], name='approval_step_to_decide')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('decision', 'pending')), fields=('approval',), name='one_level_is_asked_at_a_time'), models.UniqueConstraint(fields=('approval', 'level'), name='a_level_is_asked_once'), models.CheckConstraint(condition=models.Q(('decision__in', ['pending', 'approved', 'refused', 'known', 'skipped', 'silent', 'closed'])), name='approval_decision_is_known'), models.CheckConstraint(condition=models.Q(('level__in', ['village', 'town', 'district'])), name='approval_level_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('at__isnull', True), ('decision', 'pending')), models.Q(models.Q(('decision', 'pending'), _negated=True), ('at__isnull', False)), _connector='OR'), name='a_step_is_decided_once'), models.CheckConstraint(condition=models.Q(('decision', 'refused'), ('opinion', ''), _negated=True), name='a_step_is_refused_with_a_reason'), models.CheckConstraint(condition=models.Q(('by__isnull', True), ('decision__in', ('approved', 'refused')), _negated=True), name='somebody_decides_a_step')],
            },
        ),
        migrations.CreateModel(
            name='ClassMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.CharField(choices=[('booked', 'Everybody with a seat'), ('waiting', 'Everybody who waits'), ('absent', 'Whoever was absent from a lesson')], max_length=8, verbose_name='to whom')),
                ('title', models.CharField(max_length=40, verbose_name='title')),
                ('text', models.TextField(max_length=1000, verbose_name='text')),
                ('people', models.PositiveIntegerField(verbose_name='people')),
                ('sent_at', models.DateTimeField(verbose_name='sent at')),
                ('token', models.CharField(default=trainees.models.class_messages.new_message_token, max_length=30)),
                ('lesson', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='courses.lesson')),
                ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('training_class', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='told', to='courses.trainingclass')),
            ],
            options={
                'verbose_name': 'message to a class',
                'verbose_name_plural': 'messages to classes',
                'ordering': ['-sent_at', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('training_class', 'token'), name='one_message_for_each_form_of_a_class'), models.CheckConstraint(condition=models.Q(('audience__in', ['booked', 'waiting', 'absent'])), name='message_audience_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Deputy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='from')),
                ('valid_to', models.DateField(verbose_name='until')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('named_at', models.DateTimeField(verbose_name='named at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended early at')),
                ('approver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deputies', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deputy_for', to=settings.AUTH_USER_MODEL, verbose_name='deputy')),
            ],
            options={
                'verbose_name': 'deputy',
                'verbose_name_plural': 'deputies',
                'ordering': ['-valid_from', '-pk'],
                'indexes': [models.Index(fields=['person', 'valid_to'], name='deputy_by_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__gte', models.F('valid_from'))), name='a_deputy_ends_after_it_begins', violation_error_message='The last day lies before the first day.'), models.CheckConstraint(condition=models.Q(('approver', models.F('person')), _negated=True), name='nobody_is_their_own_deputy'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_deputy_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='AttendanceChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('batch', models.UUIDField(verbose_name='tap')),
                ('old_status', models.CharField(blank=True, max_length=10)),
                ('old_minutes', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('new_status', models.CharField(blank=True, max_length=10)),
                ('new_minutes', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('undoes', models.UUIDField(blank=True, null=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lesson', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendance_changes', to='courses.lesson')),
                ('new_reason', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trainees.absencereason')),
                ('old_reason', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='trainees.absencereason')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendance_changes', to='trainees.enrolment')),
            ],
            options={
                'verbose_name': 'attendance change',
                'verbose_name_plural': 'attendance changes',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('batch', 'enrolment', 'lesson'), name='a_tap_changes_a_mark_once')],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('present', 'Present'), ('late', 'Late'), ('left_early', 'Left early'), ('excused', 'On leave'), ('absent', 'Absent')], max_length=10, verbose_name='mark')),
                ('minutes', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='minutes present')),
                ('marked_at', models.DateTimeField(verbose_name='marked at')),
                ('lesson', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='courses.lesson')),
                ('marked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reason', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='trainees.absencereason', verbose_name='reason')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='trainees.enrolment')),
            ],
            options={
                'verbose_name': 'attendance',
                'verbose_name_plural': 'attendances',
                'constraints': [models.UniqueConstraint(fields=('enrolment', 'lesson'), name='one_attendance_per_lesson'), models.CheckConstraint(condition=models.Q(('status__in', ['present', 'late', 'left_early', 'excused', 'absent'])), name='attendance_status_is_known'), models.CheckConstraint(condition=models.Q(('reason__isnull', True), ('status__in', ('excused', 'absent')), _connector='OR'), name='only_an_absence_has_a_reason')],
            },
        ),
        migrations.AddIndex(
            model_name='enrolment',
            index=models.Index(fields=['trainee', 'status'], name='enrolment_by_trainee'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ('waitlisted', 'offered', 'booked', 'completed'))), fields=('trainee', 'training_class'), name='one_live_enrolment_per_class', violation_error_message='This trainee is already enrolled.'),
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('class', 'For a class'), ('year', 'For the hours of a year')], max_length=8, verbose_name='kind')),
                ('title', models.CharField(blank=True, max_length=80, verbose_name='title of the class')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('hours', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='study hours')),
                ('issuer', models.CharField(max_length=100, verbose_name='issuer')),
                ('check_code', models.CharField(default=trainees.models.certificates.new_check_code, max_length=16, unique=True, verbose_name='check code')),
                ('replaced_at', models.DateTimeField(blank=True, null=True, verbose_name='replaced at')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked at')),
                ('revoked_reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('issued_at', models.DateTimeField(verbose_name='issued at')),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='trainees.certificate')),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('trainee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='trainees.trainee')),
                ('training_class', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='courses.trainingclass')),
            ],
            options={
                'verbose_name': 'certificate',
                'verbose_name_plural': 'certificates',
                'ordering': ['-issued_at', '-pk'],
                'indexes': [models.Index(fields=['kind', 'issued_at'], name='certificates_by_kind')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'class'), ('training_class__isnull', False)), models.Q(('kind', 'year'), ('training_class__isnull', True)), _connector='OR'), name='certificate_kind_fits'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on')), ('hours__gt', 0)), name='certificate_has_days_and_hours'), models.CheckConstraint(condition=models.Q(('check_code__regex', '^[0123456789ABCDEFGHJKMNPQRSTVWXYZ]{16}$')), name='certificate_code_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', True), ('revoked_reason', '')), models.Q(('revoked_at__isnull', False), models.Q(('revoked_reason', ''), _negated=True)), _connector='OR'), name='a_revoked_certificate_says_why'), models.UniqueConstraint(condition=models.Q(('kind', 'class'), ('replaced_at__isnull', True), ('revoked_at__isnull', True)), fields=('trainee', 'training_class'), name='one_certificate_of_a_class'), models.UniqueConstraint(condition=models.Q(('kind', 'year'), ('replaced_at__isnull', True), ('revoked_at__isnull', True)), fields=('trainee', 'starts_on'), name='one_certificate_of_a_year')],
            },
        ),
        migrations.CreateModel(
            name='SheetPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('file', models.FileField(max_length=120, upload_to='', verbose_name='file')),
                ('content_type', models.CharField(max_length=80)),
                ('size', models.PositiveIntegerField(verbose_name='size (bytes)')),
                ('sha256', models.CharField(max_length=64)),
                ('added_at', models.DateTimeField(verbose_name='added at')),
            ],
            options={
                'verbose_name': 'photo of a sign-in sheet',
                'verbose_name_plural': 'photos of sign-in sheets',
                'ordering': ['lesson__starts_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='WallScan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('device', models.CharField(max_length=32)),
                ('at', models.DateTimeField(verbose_name='scanned at')),
                ('counted_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'scan of the code on the wall',
                'verbose_name_plural': 'scans of the code on the wall',
                'ordering': ['lesson', 'at', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='attendance',
            name='method',
            field=models.CharField(choices=[('roll', 'On the roll'), ('qr', 'By the code on the wall'), ('ticket', 'By the ticket'), ('paper', 'From the sheet'), ('walk_in', 'Came without booking'), ('offline', 'Without a network')], default='roll', max_length=8, verbose_name='way'),
        ),
        migrations.AddField(
            model_name='attendancechange',
            name='method',
            field=models.CharField(choices=[('roll', 'On the roll'), ('qr', 'By the code on the wall'), ('ticket', 'By the ticket'), ('paper', 'From the sheet'), ('walk_in', 'Came without booking'), ('offline', 'Without a network')], default='roll', max_length=8),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.CheckConstraint(condition=models.Q(('method__in', ['roll', 'qr', 'ticket', 'paper', 'walk_in', 'offline'])), name='way_of_marking_is_known'),
        ),
        migrations.AddField(
            model_name='sheetphoto',
            name='added_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sheetphoto',
            name='lesson',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheet_photos', to='courses.lesson'),
        ),
        migrations.AddField(
            model_name='wallscan',
            name='enrolment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wall_scans', to='trainees.enrolment'),
        ),
        migrations.AddField(
            model_name='wallscan',
            name='lesson',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wall_scans', to='courses.lesson'),
        ),
        migrations.AddConstraint(
            model_name='sheetphoto',
            constraint=models.UniqueConstraint(fields=('lesson', 'sha256'), name='one_row_for_each_photo_of_a_sheet'),
        ),
        migrations.AddConstraint(
            model_name='sheetphoto',
            constraint=models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='sheet_photo_is_not_empty'),
        ),
        migrations.AddIndex(
            model_name='wallscan',
            index=models.Index(condition=models.Q(('counted_at__isnull', True)), fields=['lesson'], name='scan_that_waits'),
        ),
        migrations.AddIndex(
            model_name='wallscan',
            index=models.Index(fields=['at'], name='scan_by_moment'),
        ),
        migrations.AddConstraint(
            model_name='wallscan',
            constraint=models.UniqueConstraint(fields=('lesson', 'enrolment'), name='one_scan_for_each_seat_and_lesson'),
        ),
        migrations.CreateModel(
            name='RollLock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('locked_at', models.DateTimeField(verbose_name='locked at')),
                ('with_the_class', models.BooleanField(default=False, verbose_name='locked by closing the class')),
                ('reopened_at', models.DateTimeField(blank=True, null=True, verbose_name='reopened at')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
            ],
            options={
                'verbose_name': 'lock of a roll',
                'verbose_name_plural': 'locks of rolls',
                'ordering': ['pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='attendance',
            name='way_of_marking_is_known',
        ),
        migrations.AlterField(
            model_name='attendance',
            name='method',
            field=models.CharField(choices=[('roll', 'On the roll'), ('qr', 'By the code on the wall'), ('ticket', 'By the ticket'), ('paper', 'From the sheet'), ('walk_in', 'Came without booking'), ('offline', 'Without a network'), ('closing', 'When the class was closed'), ('seat', 'With the seat')], default='roll', max_length=8, verbose_name='way'),
        ),
        migrations.AlterField(
            model_name='attendancechange',
            name='method',
            field=models.CharField(choices=[('roll', 'On the roll'), ('qr', 'By the code on the wall'), ('ticket', 'By the ticket'), ('paper', 'From the sheet'), ('walk_in', 'Came without booking'), ('offline', 'Without a network'), ('closing', 'When the class was closed'), ('seat', 'With the seat')], default='roll', max_length=8),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.CheckConstraint(condition=models.Q(('method__in', ['roll', 'qr', 'ticket', 'paper', 'walk_in', 'offline', 'closing', 'seat'])), name='way_of_marking_is_known'),
        ),
        migrations.AddField(
            model_name='rolllock',
            name='lesson',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roll_locks', to='courses.lesson'),
        ),
        migrations.AddField(
            model_name='rolllock',
            name='locked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rolllock',
            name='reopened_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='rolllock',
            constraint=models.UniqueConstraint(condition=models.Q(('reopened_at', None)), fields=('lesson',), name='one_lock_per_roll'),
        ),
        migrations.AddConstraint(
            model_name='rolllock',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('reopened_at', None), ('reopened_by', None)), models.Q(('reopened_at__isnull', False), ('reopened_by__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='reopened_roll_says_who_and_why'),
        ),
        migrations.CreateModel(
            name='HourClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('claim', 'Outside training'), ('practicum', 'Practice'), ('teaching', 'Teaching given')], default='claim', max_length=12, verbose_name='kind')),
                ('title', models.CharField(max_length=80, verbose_name='title')),
                ('organiser', models.CharField(max_length=80, verbose_name='organiser')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('hours', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='study hours')),
                ('file', models.FileField(max_length=120, upload_to='', verbose_name='file')),
                ('original_name', models.CharField(max_length=120, verbose_name='name of the file')),
                ('content_type', models.CharField(max_length=80)),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('status', models.CharField(choices=[('asked', 'Waits for the office'), ('approved', 'Counted'), ('returned', 'Sent back')], default='asked', max_length=8, verbose_name='status')),
                ('answer', models.CharField(blank=True, max_length=200, verbose_name='answer')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claim', to='trainees.hourentry')),
                ('trainee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hour_claims', to='trainees.trainee')),
            ],
            options={
                'verbose_name': 'claim of study hours',
                'verbose_name_plural': 'claims of study hours',
                'ordering': ['-asked_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['asked', 'approved', 'returned'])), name='claim_status_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('entry__isnull', False), ('status', 'approved')), models.Q(models.Q(('status', 'approved'), _negated=True), ('entry__isnull', True)), _connector='OR'), name='a_counted_claim_has_its_entry'), models.CheckConstraint(condition=models.Q(('answer', ''), ('status', 'returned'), _negated=True), name='claim_is_returned_with_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('status', 'asked')), models.Q(models.Q(('status', 'asked'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='claim_is_decided_once'), models.CheckConstraint(condition=models.Q(('hours__gt', 0)), name='claim_has_hours'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='claim_ends_after_it_starts'), models.UniqueConstraint(condition=models.Q(('status__in', ('asked', 'approved'))), fields=('trainee', 'title', 'starts_on'), name='one_standing_claim_per_training')],
            },
        ),
        migrations.RunPython(put_first_words, migrations.RunPython.noop),
        migrations.RunPython(GUARD.put, GUARD.take_away),
        migrations.RunPython(LOCKED_MARKS.put, LOCKED_MARKS.take_away),
    ]
