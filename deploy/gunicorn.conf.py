"""How gunicorn serves the portal.

Its log is one line of JSON per event; nginx keeps the access log.
"""

workers = 4
threads = 2
timeout = 60  # seconds: the longest export of a year takes a few
max_requests = 5000  # a worker is replaced now and then, so that memory cannot creep up
max_requests_jitter = 500
forwarded_allow_ips = "127.0.0.1"  # only nginx on this machine may say where a request came from

logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "academy.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "gunicorn.access": {"handlers": [], "propagate": False},
    },
}
