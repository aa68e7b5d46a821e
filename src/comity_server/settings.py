"""Settings of the stand-alone server, from `COMITY_*` environment variables. `docs/settings.md` lists them all."""

from __future__ import annotations

from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from comity.rules.languages import SPOKEN
from comity_server import environment
from comity_server.secrets import SecretFileExposedError, read_or_make_secret

DATA = Path(environment.text("COMITY_DATA") or Path.cwd() / ".comity").resolve()
SECRET_FILE = DATA / "secret-key"
try:
    DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    SECRET_KEY = environment.text("COMITY_SECRET_KEY") or read_or_make_secret(SECRET_FILE)
except OSError as error:
    raise ImproperlyConfigured(f"The folder {DATA} cannot be used ({error.strerror}): see COMITY_DATA.") from None
except SecretFileExposedError as error:
    raise ImproperlyConfigured(f"In the folder {DATA}, {error}.") from None
SECRET_KEY_FALLBACKS = environment.words("COMITY_SECRET_KEY_FALLBACKS")
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", ".localhost", *environment.words("COMITY_ALLOWED_HOSTS")]

INSTALLED_APPS = [
    "comity",  # first: its words win over those of Django's apps, which know some of them in another sense
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
]
MIDDLEWARE = [
    "comity_server.hosts.known_hosts_only",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "csp.middleware.CSPMiddleware",
]
ROOT_URLCONF = "comity_server.urls"
WSGI_APPLICATION = "comity_server.asgi.django_application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

try:
    DATABASES = {
        "default": dj_database_url.parse(
            environment.text("COMITY_DATABASE_URL") or f"sqlite:///{DATA / 'comity.sqlite3'}"
        )
    }
except ValueError:  # its message may hold the password
    raise ImproperlyConfigured("COMITY_DATABASE_URL is not the address of a SQLite or PostgreSQL database.") from None
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 5,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-16000;"
        ),
    }
elif DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("COMITY_DATABASE_URL must be the address of a SQLite or PostgreSQL database.")
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # Django refuses psycopg's pool otherwise
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # else the pool hands out connections that died with the server
    DATABASES["default"]["OPTIONS"] = {
        "pool": {
            "min_size": 1,
            "max_size": environment.number("COMITY_DATABASE_POOL", 16),
            "timeout": 5,
            # The pool waits twice as long after each attempt to connect, for up to this long; then whoever next asks
            # has it begin anew. Longer, and it would go on waiting long after the database is back.
            "reconnect_timeout": 3,
        }
    }
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True  # they do not survive a pooler between transactions

READ_REPLICAS: list[str] = []
if replicas := environment.words("COMITY_REPLICA_URLS"):
    if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("COMITY_REPLICA_URLS needs PostgreSQL: SQLite has no replicas.")
    for number, address in enumerate(replicas, start=1):
        try:
            replica = dj_database_url.parse(address)
        except ValueError:  # its message may hold the password
            raise ImproperlyConfigured("COMITY_REPLICA_URLS holds what is no address of a database.") from None
        if replica["ENGINE"] != "django.db.backends.postgresql":
            raise ImproperlyConfigured("COMITY_REPLICA_URLS must be addresses of PostgreSQL databases.")
        READ_REPLICAS.append(f"replica{number}")
        DATABASES[READ_REPLICAS[-1]] = {
            **DATABASES["default"], **replica, "OPTIONS": DATABASES["default"]["OPTIONS"], "CONN_MAX_AGE": 0,
            "CONN_HEALTH_CHECKS": True, "TEST": {"MIRROR": "default"},
        }  # fmt: skip
    DATABASE_ROUTERS = ["comity_server.replicas.ReplicaRouter"]
    MIDDLEWARE.insert(1, "comity_server.replicas.public_reads_from_replicas")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "comity:desk-sign-in"
LOGIN_REDIRECT_URL = "comity:desk"

LANGUAGE_CODE = environment.text("COMITY_LANGUAGE", "fr")
LANGUAGES = list(SPOKEN.items())
USE_I18N = True
TIME_ZONE = "Europe/Paris"
USE_TZ = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # files are served from the package itself: nothing to collect after an upgrade
WHITENOISE_MAX_AGE = 86_400
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "comity_server.static_files.VersionedStaticFiles"},
}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "https:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
    },
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

COMITY: dict[str, object] = environment.configuration()

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"without_values": {"()": "comity_server.logs.WithoutValues"}},
    "handlers": {
        "line": {"class": "logging.StreamHandler", "formatter": "line"},
        "django": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_values"]},
    },
    "root": {"handlers": ["line"], "level": "WARNING"},
    "loggers": {
        "comity": {"level": environment.text("COMITY_LOG_LEVEL", "info").upper()},
        "django.request": {"handlers": ["django"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": ["django"], "level": "ERROR", "propagate": False},
        "uvicorn.error": {"level": "WARNING"},
        # Its warnings name hosts; whoever asked for the connection says what failed.
        "psycopg.pool": {"level": "CRITICAL"},
    },
}
