"""Settings, all from the environment with defaults for an instance made by `./up`. `GONGZHI_ENV=production` is strict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from gongzhi.config.keys import field_keys, secret_key

django_stubs_ext.monkeypatch()

ROOT = Path(__file__).resolve().parents[2]
env = environ.Env()

PRODUCTION = env("GONGZHI_ENV", default="") == "production"
DEBUG = env.bool("DEBUG", default=False)
GONGZHI_DEMO = env.bool("GONGZHI_DEMO", default=False)
GONGZHI_VAR = Path(env("GONGZHI_VAR", default=str(ROOT / "var")))
GONGZHI_SITE_NAME = env("GONGZHI_SITE_NAME", default="")
GONGZHI_TILES_URL = env("GONGZHI_TILES_URL", default="")
GONGZHI_CONTACT_PHONE = env("GONGZHI_CONTACT_PHONE", default="")
GONGZHI_SEEDS = ROOT / "seeds"

SECRET_KEY = secret_key(GONGZHI_VAR)
GONGZHI_FIELD_KEYS = field_keys(GONGZHI_VAR)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["*"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_ORIGIN = env("SITE_ORIGIN", default="")

INSTALLED_APPS = [
    "gongzhi.demo",
    "gongzhi.web",
    "gongzhi.insight",
    "gongzhi.whistles",
    "gongzhi.mediation",
    "gongzhi.oversight",
    "gongzhi.verdict",
    "gongzhi.hotline",
    "gongzhi.cases",
    "gongzhi.powers",
    "gongzhi.community",
    "gongzhi.accounts",
    "gongzhi.kernel",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "ninja",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "gongzhi.web.middleware.CleanCookiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "gongzhi.kernel.caches.FreshCachesMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "gongzhi.accounts.middleware.LocaleFromUserMiddleware",
    "gongzhi.cases.claims.ClaimsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "gongzhi.web.middleware.CleanInputMiddleware",
    "gongzhi.web.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "gongzhi.config.urls"
WSGI_APPLICATION = "gongzhi.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gongzhi.web.context_processors.web",
            ],
        },
    }
]


def _database() -> dict[str, Any]:
    """SQLite acknowledges only what an fsync has kept (FULL); PostgreSQL keeps its connections."""
    config: dict[str, Any] = env.db_url("DATABASE_URL", default=f"sqlite:///{GONGZHI_VAR / 'gongzhi.sqlite3'}")
    config["CONN_MAX_AGE"] = None
    config["CONN_HEALTH_CHECKS"] = True
    if "ENGINE" not in config:
        raise ImproperlyConfigured("DATABASE_URL is not understood; write sqlite:///FILE or postgres://USER:PASSWORD@HOST/NAME")
    if config["ENGINE"] == "django.db.backends.sqlite3":
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
        config["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
    return config


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "gongzhi.accounts.adapters.client_ip"
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "gongzhi.web.views.errors.locked_out"
CSRF_FAILURE_VIEW = "gongzhi.web.views.errors.csrf_failure"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_ADAPTER = "gongzhi.accounts.adapters.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = True
# Wrong passwords are axes' matter: one lock, with one sentence. A town hall is one address, so the others are generous.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": None, "send_code": "30/h/ip"}
MFA_ADAPTER = "gongzhi.accounts.adapters.MFAAdapter"
MFA_TOTP_ISSUER = "Gongzhi"
GONGZHI_SMS_GATEWAY = env("GONGZHI_SMS_GATEWAY", default="gongzhi.accounts.gateway.ConsoleGateway")
GONGZHI_PROXIES = env.int("GONGZHI_PROXIES", default=0)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env("GONGZHI_TIME_ZONE", default="Asia/Shanghai")

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "build" / "static"
STATICFILES_DIRS = [("vendor", ROOT / "build" / "vendor")]
MEDIA_ROOT = GONGZHI_VAR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31536000

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

_tiles = [origin for origin in ("/".join(GONGZHI_TILES_URL.split("/", 3)[:3]),) if origin]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *_tiles],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
}
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"] if not PRODUCTION else []
