import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('subject_id', models.PositiveBigIntegerField(blank=True, null=True)),
                ('due_at', models.DateTimeField(verbose_name='due at')),
                ('moment', models.DateTimeField(blank=True, null=True, verbose_name='what it reminds of happens at')),
                ('dedupe_key', models.CharField(max_length=200, unique=True)),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('body', models.TextField(blank=True, verbose_name='text')),
                ('link', models.CharField(blank=True, max_length=200, verbose_name='link')),
                ('status', models.CharField(choices=[('pending', 'Waiting for its time'), ('sent', 'Sent'), ('withdrawn', 'Withdrawn')], default='pending', max_length=10, verbose_name='status')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created at')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='read at')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('subject_type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contenttypes.contenttype')),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'ordering': ['-sent_at', '-pk'],
                'indexes': [models.Index(fields=['status', 'due_at'], name='notice_by_status_and_due'), models.Index(fields=['person', 'status', 'read_at'], name='notice_by_person'), models.Index(fields=['kind', 'subject_type', 'subject_id'], name='notice_by_subject')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['pending', 'sent', 'withdrawn'])), name='notice_status_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('status', 'sent')), models.Q(models.Q(('status', 'sent'), _negated=True), ('read_at__isnull', True), ('sent_at__isnull', True)), _connector='OR'), name='only_sent_notices_have_their_time')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('inbox', 'Inbox'), ('sms', 'Text message')], max_length=10, verbose_name='channel')),
                ('status', models.CharField(choices=[('pending', 'To be sent'), ('sending', 'Being sent'), ('sent', 'Sent'), ('failed', 'Failed')], default='pending', max_length=10, verbose_name='status')),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='attempts')),
                ('next_try_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='next try at')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='error')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notices.notice')),
            ],
            options={
                'verbose_name': 'delivery',
                'verbose_name_plural': 'deliveries',
                'indexes': [models.Index(fields=['status', 'next_try_at'], name='delivery_by_status_and_try')],
                'constraints': [models.UniqueConstraint(fields=('notice', 'channel'), name='one_delivery_per_channel'), models.CheckConstraint(condition=models.Q(('status__in', ['pending', 'sending', 'sent', 'failed'])), name='delivery_status_is_known')],
            },
        ),
        migrations.CreateModel(
            name='ReminderRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, unique=True, verbose_name='kind')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('days_before', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(90)], verbose_name='days before')),
                ('at_hour', models.PositiveSmallIntegerField(default=9, validators=[django.core.validators.MaxValueValidator(23)], verbose_name='hour of the day')),
                ('active', models.BooleanField(default=True, verbose_name='in use')),
            ],
            options={
                'verbose_name': 'reminder rule',
                'verbose_name_plural': 'reminder rules',
                'constraints': [models.CheckConstraint(condition=models.Q(('at_hour__lte', 23)), name='reminder_hour_is_an_hour'), models.CheckConstraint(condition=models.Q(('days_before__lte', 90)), name='reminder_is_not_too_far_ahead')],
            },
        ),
        migrations.CreateModel(
            name='NoticeRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, unique=True, verbose_name='kind')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('urgency', models.CharField(choices=[('urgent', 'At once, at any hour'), ('soon', 'At once, but not in the quiet hours'), ('daily', 'With the digest of the next morning')], max_length=6, verbose_name='text message')),
            ],
            options={
                'verbose_name': 'kind of notice',
                'verbose_name_plural': 'kinds of notices',
                'ordering': ['kind'],
                'constraints': [models.CheckConstraint(condition=models.Q(('urgency__in', ['urgent', 'soon', 'daily'])), name='notice_urgency_is_known')],
            },
        ),
        migrations.CreateModel(
            name='NoticePreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('urgent_by_sms', models.BooleanField(default=True, verbose_name='urgent things at once')),
                ('daily_digest', models.BooleanField(default=True, verbose_name='everything else once a day')),
                ('suggestions', models.BooleanField(default=True, verbose_name='classes I follow and suggestions')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='notice_preference', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'wish for text messages',
                'verbose_name_plural': 'wishes for text messages',
            },
        ),
    ]
