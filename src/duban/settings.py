"""Reads the environment; a missing or odd value stops the start with a clear sentence.

Importing this module starts nothing: it computes where the database is and what the application may use.
"""

import hmac
import os
from dataclasses import replace
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from duban.postgres.home import Home
from duban.postgres.targets import target_from_environment

PACKAGE = Path(__file__).resolve().parent

# -- Where things are ---------------------------------------------------------------------------------------------

HOME = Home.from_environment(os.environ)
TARGET = target_from_environment(os.environ)
if _name := os.environ.get("DUBAN_DATABASE_NAME"):
    # Another database of the same server, such as the one that a test gives to its worker.
    TARGET = replace(TARGET, dbname=_name)
DATABASES = {
    # Everything that serves people goes through the application role, which row security binds.
    "default": TARGET.django(TARGET.application),
    # A second connection, through which long work tells how far it is (duban.audit.progress).
    "progress": TARGET.django(TARGET.application),
    # Migrations and `duban init` only.
    "owner": TARGET.django(TARGET.owner),
}
for _database in DATABASES.values():
    _database.update(CONN_MAX_AGE=600, CONN_HEALTH_CHECKS=True)
    if _name := os.environ.get("DUBAN_DATABASE_NAME"):  # another database of the same server, such as a test's copy
        _database["NAME"] = _name
DATABASE_ROUTERS = ["duban.postgres.router.OwnerMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- The law ------------------------------------------------------------------------------------------------------

# The regulation on payments is silent on last days that are no workdays; the Civil Code (article 203) moves them on.
HOLIDAY_SHIFT = os.environ.get("DUBAN_HOLIDAY_SHIFT", "yes") == "yes"

# -- Secrets: one root secret, in DUBAN_HOME unless given; everything else is derived from it -------------------------

_ROOT_SECRET = (os.environ.get("DUBAN_SECRET") or HOME.secrets().duban_secret).encode()


def derived_secret(purpose: str) -> str:
    """A secret for one purpose; knowing it does not help to find the root or another one."""
    return hmac.new(_ROOT_SECRET, purpose.encode(), "sha256").hexdigest()


SECRET_KEY = derived_secret("django")
ENTRY_KEY = derived_secret("identity.enter")

# -- The house ------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "procrastinate.contrib.django",
    "duban.identity",
    "duban.audit",
    "duban.workbook",
    "duban.evidence",
    "duban.ui",
    "duban.intake",
    "duban.register",
    "duban.arrears",
    "duban.web",
    "duban.demo",
]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "duban.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "duban.identity.middleware.EnterMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "duban.web.middleware.RefusalMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "duban.web.urls"
WSGI_APPLICATION = "duban.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "duban.web.navigation.context",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "duban.ui.templatetags.ui"],
        },
    }
]

# -- Language and time ----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "ui" / "locale"]
USE_I18N = USE_TZ = True
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_COOKIE_NAME = "duban_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"

# -- Serving --------------------------------------------------------------------------------------------------------

DEBUG = False
ALLOWED_HOSTS = os.environ.get("DUBAN_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("DUBAN_TRUSTED_ORIGINS", "").split(",") if origin]
BEHIND_TLS = os.environ.get("DUBAN_BEHIND_TLS", "no") == "yes"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_NAME = "duban_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "duban.web.views.csrf_failure"
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"  # messages need no table and no sign-in
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 500  # many workbooks are handed in at once
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # and then confirmed at once, with a few fields each
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # files are served from the package: nothing to collect, nothing to forget
WHITENOISE_AUTOREFRESH = False

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# -- Signing in; its thresholds are dated data in the database (identity_security_rule) -----------------------------

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
SESSION_COOKIE = "duban_session"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("DUBAN_LOG_LEVEL", "WARNING")},
}
