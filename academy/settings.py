"""Settings of the portal.

A bare checkout runs; production is told apart by the environment (docs/deploy.md).
"""

import logging
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()

# Where the portal keeps what it makes: database, uploads, queues, collected files.
VAR_DIR = Path(env.str("PORTAL_VAR_DIR", str(BASE_DIR / "var")))

# --- Safety ---------------------------------------------------------------------------------------

DEBUG = env.bool("DJANGO_DEBUG", True)

SECRET_KEY = env.str("DJANGO_SECRET_KEY", "")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured(
            "DJANGO_SECRET_KEY is missing. Set it to a long random text before starting with DEBUG"
            " off."
        )
    SECRET_KEY = "for-development-only-never-for-production-" + "0" * 32

ALLOWED_HOSTS = env.list(
    "DJANGO_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"] if DEBUG else []
)
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "DJANGO_ALLOWED_HOSTS is missing. Name the hosts that the portal answers for, separated by"
        " commas."
    )
CSRF_TRUSTED_ORIGINS = env.list("DJANGO_CSRF_TRUSTED_ORIGINS", [])

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "academy.accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 3600  # seconds that the phone of a village cadre stays logged in
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", 30)  # academy/accounts/idle_sessions.py
if not DEBUG:
    SECURE_SSL_REDIRECT = env.bool("DJANGO_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000  # one year
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's inline SVG backgrounds
        "style-src": [SELF],
        "script-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Applications ---------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "rules.apps.AutodiscoverRulesConfig",
    "portal",
    "plans",
    "practicums",
    "trainees",
    "courses",
    "notices",
    "academy",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "academy.web.middleware.PersonalPagesMiddleware",
    "academy.web.middleware.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "academy.web.middleware.ChosenLanguageMiddleware",
    "academy.web.outages.OutageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "academy.accounts.idle_sessions.IdleSessionMiddleware",
    "academy.web.middleware.StaleCountsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "academy.web.middleware.PlainInputMiddleware",
    "academy.web.middleware.FriendlyNotFoundMiddleware",
]

ROOT_URLCONF = "academy.urls"
WSGI_APPLICATION = "academy.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.frame.shell",
            ],
            "libraries": {"import_tags": "academy.imports.tags"},
        },
    },
]

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Data -----------------------------------------------------------------------------------------

SQLITE_URL = f"sqlite:///{VAR_DIR / 'portal.sqlite3'}"
DATABASES = {"default": dj_database_url.parse(env.str("DATABASE_URL", "") or SQLITE_URL)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Immediate transactions serialise writers, which SELECT FOR UPDATE cannot do on SQLite. Source:
    # RELIABILITY, fact 3.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds a writer waits for another
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
    # a file: live servers and processes share it
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["OPTIONS"] = {
        # A server that is gone is noticed before the visitor gives up.
        "connect_timeout": 2,  # seconds
        "tcp_user_timeout": 5000,  # milliseconds
        **DATABASES["default"].get("OPTIONS", {}),
    }

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "academy.web.redis_cache.RedisCache", "LOCATION": REDIS_URL}}
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR_DIR / "cache",
            # the default of 300 would drop drawn pages at random
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    }

# never served directly: every file passes a view that asks who may see it
MEDIA_ROOT = VAR_DIR / "media"
# the portal and its group, for the backup; no other user of the machine
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # the 500 trainings of last year are one form
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# one evidence file or one workbook
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", 10 * 1024 * 1024)
# so that a full disk costs nobody what they typed beside the file
FILE_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_MAX_BYTES + 1024 * 1024

# --- People ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "academy.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "academy.accounts.backends.PhoneBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("phone", "name")},
    },
    {"NAME": "academy.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:after_login"
LOGOUT_REDIRECT_URL = "portal:home"

ACCOUNT_ADAPTER = "academy.accounts.login.PhoneAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "password1*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600  # seconds a code is valid
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
# academy/accounts/lockout.py counts by account and address; allauth's limits would lock a whole
# office
ACCOUNT_RATE_LIMITS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
# how many proxies of ours stand before the portal
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
SMS_TEXT_IN_LOG = DEBUG  # a developer reads codes there; elsewhere no code stands in a log
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", "")
SMS_GATEWAY_KEY = env.str("SMS_GATEWAY_KEY", "")
# the number under which the gateway knows our wording
SMS_GATEWAY_TEMPLATE = env.str("SMS_GATEWAY_TEMPLATE", "")
SMS_CHANNEL = env.str(
    "SMS_CHANNEL", f"academy.accounts.sms.{'HttpGateway' if SMS_GATEWAY_URL else 'ConsoleChannel'}"
)
# the most that the portal sends to all people together
SMS_CODES_A_DAY = env.int("SMS_CODES_A_DAY", 3000)
CSRF_FAILURE_VIEW = "academy.web.views.csrf_failure"

# --- Words and time -------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
FORMAT_MODULE_PATH = ["academy.formats"]

# --- Static files ---------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
BUILT_ASSETS_DIR = VAR_DIR / "assets"  # what `build_assets` takes from node_modules
STATICFILES_DIRS = [BASE_DIR / "static", BUILT_ASSETS_DIR]
STORAGES = {
    "default": {"BACKEND": "academy.web.storage.WholeFileStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        # anybody may have them
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
WHITENOISE_AUTOREFRESH = False
WHITENOISE_USE_FINDERS = False

# --- Work in the background -----------------------------------------------------------------------

CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 300  # seconds
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for Redis however long it is away
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 600,  # seconds until the task of a dead worker is handed out again
        # A request that finds Redis away goes on at once; the sweep delivers what it wrote.
        "socket_connect_timeout": 1,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
    }
else:
    # Messages are lost when a worker dies: the sweep over the outbox is what delivers, the queue
    # only hurries it.
    CELERY_BROKER_URL = "filesystem://localhost"
    # its reply queues would pile up in the folder with every start
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR_DIR / "queue"),
        "data_folder_out": str(VAR_DIR / "queue"),
        "control_folder": str(VAR_DIR / "queue-control"),
        "store_processed": False,
    }
# how often beat looks for notices that are due and quotas to release
SWEEP_SECONDS = env.int("SWEEP_SECONDS", 30)
# how often beat looks for light accounts that lapse; a day early or late is no matter
ACCOUNTS_SECONDS = 6 * 3600
LAPSED_SECONDS = 6 * 3600  # how often beat deletes sessions and tries that count no more
MONITOR_SECONDS = 6 * 3600  # how often beat counts the figures of the monitor
HELD_FILES_SECONDS = 3600  # how often beat looks for files that nobody handed in
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {  # a round that was not taken up before the next one is of no use
    "send-due-notices": {
        "task": "notices.tasks.send_due_notices",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
    "release-due-seat-pools": {
        "task": "trainees.tasks.release_due_seat_pools",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
    "drop-held-files": {
        "task": "practicums.tasks.drop_held_files",
        "schedule": HELD_FILES_SECONDS,
        "options": {"expires": HELD_FILES_SECONDS},
    },
    "end-unused-accounts": {
        "task": "trainees.tasks.end_unused_accounts",
        "schedule": ACCOUNTS_SECONDS,
        "options": {"expires": ACCOUNTS_SECONDS},
    },
    "count-the-monitor": {
        "task": "portal.tasks.count_the_monitor",
        "schedule": MONITOR_SECONDS,
        "options": {"expires": MONITOR_SECONDS},
    },
    "forget-what-lapsed": {
        "task": "academy.tasks.forget_what_lapsed",
        "schedule": LAPSED_SECONDS,
        "options": {"expires": LAPSED_SECONDS},
    },
    "keep-people-findable": {
        "task": "academy.tasks.keep_people_findable",
        "schedule": LAPSED_SECONDS,
        "options": {"expires": LAPSED_SECONDS},
    },
}

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

# --- The academy's own numbers --------------------------------------------------------------------

FILING_NUMBER_LABEL = env.str("FILING_NUMBER_LABEL", "示例")  # the prefix of 示例〔2027〕012号
# shown in the footer; nobody has the example, and the list of the first day asks for the real one
EXAMPLE_PHONE = "13800000001"
OFFICE_PHONE = env.str("OFFICE_PHONE", EXAMPLE_PHONE)
OFFICE_ADDRESS = env.str("OFFICE_ADDRESS", "")

if not DEBUG:
    logging.captureWarnings(True)  # a warning of Python is an event of the log like any other
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no-traceback-of-refusals": {"()": "academy.logs.NoTracebackOfRefusals"}},
    "formatters": {
        # for a developer
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "academy.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line" if DEBUG else "json",
            "filters": ["no-traceback-of-refusals"],
        }
    },
    # Django's own would print each event twice, and send mail
    "loggers": {"django": {"handlers": []}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
}
