import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('academy', '0001_initial'),
        ('courses', '0001_initial'),
        ('trainees', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Secondment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True, verbose_name='code')),
                ('host_name', models.CharField(max_length=60, verbose_name='host')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('project_title', models.CharField(blank=True, max_length=120, verbose_name='practical project')),
                ('case_title', models.CharField(blank=True, max_length=120, verbose_name='work case')),
                ('status', models.CharField(choices=[('running', 'Under way'), ('closed', 'Completed'), ('withdrawn', 'Withdrawn')], default='running', max_length=10, verbose_name='status')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('end_reason', models.CharField(blank=True, max_length=200, verbose_name='reason for the withdrawal')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('host_department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='secondments', to='academy.department', verbose_name='host department')),
                ('mentor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentored_secondments', to=settings.AUTH_USER_MODEL, verbose_name='mentor')),
                ('position', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='secondments', to='academy.position', verbose_name='post at home')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='secondments', to='academy.town', verbose_name='home town')),
                ('trainee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='secondments', to='trainees.trainee', verbose_name='trainee')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='secondments', to='academy.village', verbose_name='home unit')),
            ],
            options={
                'verbose_name': 'secondment',
                'verbose_name_plural': 'secondments',
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'running')), fields=('trainee',), name='one_running_secondment_per_trainee', violation_error_message='This person is on a secondment already.'), models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='secondment_ends_after_it_begins', violation_error_message='The last day lies before the first day.'), models.CheckConstraint(condition=models.Q(('status__in', ['running', 'closed', 'withdrawn'])), name='secondment_status_is_known'), models.CheckConstraint(condition=models.Q(('host_name', ''), _negated=True), name='secondment_has_a_host'), models.CheckConstraint(condition=models.Q(('code__regex', '\\A(?!(?:ADD|BATCH|CALENDAR|CARDS|CLONE|DELETE|EDIT|EXPORT|GAPS|IMPORT|IMPORTS|LIST|NEW|SEARCH|TEMPLATES|TOGETHER|UNDO)\\Z)[A-Z0-9][A-Z0-9-]*\\Z')), name='secondment_code_fits_addresses', violation_error_message='A code is made of capital letters, digits and hyphens, such as SW-031.'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('status', 'running')), models.Q(models.Q(('status', 'running'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='ended_secondment_has_its_time'), models.CheckConstraint(condition=models.Q(('end_reason', ''), ('status', 'withdrawn'), _negated=True), name='withdrawn_with_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='PracticeCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=12, unique=True, verbose_name='code')),
                ('title', models.CharField(max_length=60, verbose_name='title')),
                ('theme', models.CharField(max_length=20, verbose_name='theme')),
                ('place', models.CharField(blank=True, max_length=40, verbose_name='place')),
                ('problem', models.TextField(max_length=3000, verbose_name='what the matter was')),
                ('approach', models.TextField(max_length=3000, verbose_name='what was done')),
                ('result', models.TextField(max_length=3000, verbose_name='what came of it')),
                ('lessons_learned', models.TextField(blank=True, max_length=3000, verbose_name='what others can use')),
                ('remark', models.CharField(blank=True, max_length=60, verbose_name='remark')),
                ('private_note', models.TextField(blank=True, max_length=1000, verbose_name='note among colleagues')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('published', 'Published'), ('taken_down', 'Taken down')], default='draft', max_length=10, verbose_name='status')),
                ('updated_at', models.DateTimeField(verbose_name='changed at')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published at')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='practice_cases', to=settings.AUTH_USER_MODEL)),
                ('courses', models.ManyToManyField(blank=True, related_name='cases', to='courses.course', verbose_name='courses')),
                ('secondment', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='practice_case', to='practicums.secondment', verbose_name='secondment')),
                ('sheet', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='practice_case', to='trainees.discussionsheet', verbose_name='sheet of a discussion')),
            ],
            options={
                'verbose_name': 'practice case',
                'verbose_name_plural': 'practice cases',
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'in_review', 'published', 'taken_down'])), name='case_status_is_known'), models.CheckConstraint(condition=models.Q(('code__regex', '\\A(?!(?:ADD|BATCH|CALENDAR|CARDS|CLONE|DELETE|EDIT|EXPORT|GAPS|IMPORT|IMPORTS|LIST|NEW|SEARCH|TEMPLATES|TOGETHER|UNDO)\\Z)[A-Z0-9][A-Z0-9-]*\\Z')), name='case_code_fits_addresses', violation_error_message='A code is made of capital letters, digits and hyphens, such as SW-031.'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'published'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='published_case_has_its_time')],
            },
        ),
        migrations.CreateModel(
            name='SecondmentBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('programme', models.CharField(max_length=40, verbose_name='programme')),
                ('name', models.CharField(max_length=40, verbose_name='batch')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('approval', models.CharField(blank=True, max_length=120, verbose_name='approved by, with date')),
            ],
            options={
                'verbose_name': 'batch of secondments',
                'verbose_name_plural': 'batches of secondments',
                'ordering': ['-starts_on', 'name'],
                'constraints': [models.UniqueConstraint(fields=('programme', 'name'), name='one_batch_per_name', violation_error_message='The programme has a batch of this name already.'), models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='batch_ends_after_it_begins', violation_error_message='The last day lies before the first day.')],
            },
        ),
        migrations.AddField(
            model_name='secondment',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='secondments', to='practicums.secondmentbatch', verbose_name='batch'),
        ),
        migrations.CreateModel(
            name='SevenItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('task_list', 'Draw up a task list'), ('mentor_pairing', 'Pair up with a mentor'), ('practical_project', 'Push one practical project forward'), ('get_together', 'Hold a regular get-together'), ('work_case', 'Write up a work case'), ('practice_report', 'Write a report on the practice'), ('appraisal', 'Receive an appraisal')], max_length=20, verbose_name='item')),
                ('due_on', models.DateField(verbose_name='due on')),
                ('status', models.CharField(choices=[('not_started', 'Not started'), ('in_progress', 'In progress'), ('handed_in', 'Handed in'), ('sent_back', 'Sent back'), ('signed', 'Done')], default='not_started', max_length=12, verbose_name='status')),
                ('round', models.PositiveSmallIntegerField(default=0, verbose_name='times handed in')),
                ('handed_in_at', models.DateTimeField(blank=True, null=True, verbose_name='handed in at')),
                ('looked_at', models.DateTimeField(blank=True, null=True, verbose_name='looked at')),
                ('secondment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='practicums.secondment')),
            ],
            options={
                'verbose_name': 'item of the seven',
                'verbose_name_plural': 'items of the seven',
                'indexes': [models.Index(fields=['due_on', 'status'], name='seven_item_by_due_date')],
                'constraints': [models.UniqueConstraint(fields=('secondment', 'kind'), name='one_item_per_kind'), models.CheckConstraint(condition=models.Q(('kind__in', ['task_list', 'mentor_pairing', 'practical_project', 'get_together', 'work_case', 'practice_report', 'appraisal'])), name='seven_item_kind_is_known'), models.CheckConstraint(condition=models.Q(('status__in', ['not_started', 'in_progress', 'handed_in', 'sent_back', 'signed'])), name='seven_item_status_is_known')],
            },
        ),
        migrations.CreateModel(
            name='EvidenceDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answers', models.JSONField(blank=True, default=dict)),
                ('held_on', models.DateField(blank=True, null=True, verbose_name='held on')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('saved_at', models.DateTimeField(verbose_name='saved at')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='practicums.sevenitem')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence_drafts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'draft of evidence',
                'verbose_name_plural': 'drafts of evidence',
                'constraints': [models.UniqueConstraint(fields=('item', 'owner'), name='one_draft_per_person_and_item')],
            },
        ),
        migrations.CreateModel(
            name='HeldFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('file', models.FileField(max_length=120, upload_to='', verbose_name='file')),
                ('extension', models.CharField(max_length=5)),
                ('content_type', models.CharField(max_length=80)),
                ('original_name', models.CharField(max_length=120, verbose_name='name of the file')),
                ('size', models.PositiveIntegerField(verbose_name='size (bytes)')),
                ('sha256', models.CharField(max_length=64)),
                ('held_at', models.DateTimeField(verbose_name='held since')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='held_files', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='held_files', to='practicums.sevenitem')),
            ],
            options={
                'verbose_name': 'held file',
                'verbose_name_plural': 'held files',
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['owner', 'item'], name='held_file_by_owner_and_item')],
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('round', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('text', 'Text'), ('file', 'File')], max_length=4, verbose_name='kind')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('answers', models.JSONField(blank=True, default=dict)),
                ('file', models.FileField(blank=True, max_length=120, upload_to='', verbose_name='file')),
                ('original_name', models.CharField(blank=True, max_length=120, verbose_name='name of the file')),
                ('content_type', models.CharField(blank=True, max_length=80)),
                ('size', models.PositiveIntegerField(verbose_name='size (bytes)')),
                ('sha256', models.CharField(max_length=64)),
                ('held_on', models.DateField(blank=True, null=True, verbose_name='held on')),
                ('declared_open', models.BooleanField(verbose_name='holds nothing classified')),
                ('uploaded_at', models.DateTimeField(verbose_name='added at')),
                ('uploaded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='practicums.sevenitem')),
            ],
            options={
                'verbose_name': 'piece of evidence',
                'verbose_name_plural': 'evidence',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('file', ''), ('kind', 'text'), models.Q(('text', ''), _negated=True)), models.Q(('kind', 'file'), ('text', ''), models.Q(('file', ''), _negated=True)), _connector='OR'), name='evidence_is_a_text_or_a_file'), models.CheckConstraint(condition=models.Q(('declared_open', True)), name='evidence_is_declared_not_classified'), models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='evidence_is_not_empty')],
            },
        ),
        migrations.CreateModel(
            name='SignOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('role', models.CharField(choices=[('mentor', 'Mentor'), ('host', 'Host'), ('academy', 'Academy office')], max_length=10, verbose_name='as')),
                ('decision', models.CharField(choices=[('signed', 'Signed'), ('sent_back', 'Sent back')], max_length=10, verbose_name='decision')),
                ('comment', models.TextField(blank=True, verbose_name='comment')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sign_offs', to='practicums.sevenitem')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'sign-off',
                'verbose_name_plural': 'sign-offs',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('decision', 'signed')), fields=('item', 'round', 'role'), name='one_signature_per_role_and_round'), models.UniqueConstraint(condition=models.Q(('decision', 'sent_back')), fields=('item', 'round'), name='sent_back_once_per_round'), models.CheckConstraint(condition=models.Q(('role__in', ['mentor', 'host', 'academy'])), name='sign_off_role_is_known'), models.CheckConstraint(condition=models.Q(('decision__in', ['signed', 'sent_back'])), name='sign_off_decision_is_known'), models.CheckConstraint(condition=models.Q(('decision', 'signed'), models.Q(('comment', ''), _negated=True), _connector='OR'), name='sent_back_with_a_comment')],
            },
        ),
        migrations.CreateModel(
            name='CaseStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('decision', models.CharField(choices=[('submitted', 'Handed in for review'), ('taken_back', 'Taken back from review'), ('returned', 'Sent back with a reason'), ('published', 'Published'), ('taken_down', 'Taken down')], max_length=10, verbose_name='decision')),
                ('opinion', models.CharField(blank=True, max_length=500, verbose_name='opinion')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='practicums.practicecase')),
            ],
            options={
                'verbose_name': 'step of a case',
                'verbose_name_plural': 'steps of a case',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('decision__in', ['submitted', 'taken_back', 'returned', 'published', 'taken_down'])), name='case_decision_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('decision__in', ['returned', 'taken_down']), _negated=True), models.Q(('opinion', ''), _negated=True), _connector='OR'), name='case_sent_back_or_taken_down_has_a_reason')],
            },
        ),
    ]
