"""Django's settings, made from `config.env`."""

from __future__ import annotations

from pathlib import Path

import posthouse.base.sqlite  # noqa: F401 chooses the SQLite library before Django's backend does
from posthouse.config.env import load

ENV = load()

SECRET_KEY = ENV.secret_key
DEBUG = ENV.debug
ALLOWED_HOSTS = list(ENV.allowed_hosts)
ROOT_URLCONF = "posthouse.config.urls"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "identity.User"
LOGGING_CONFIG = None

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "unfold.apps.BasicAppConfig",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "posthouse.base",
    "posthouse.audit",
    "posthouse.search",
    "posthouse.identity",
    "posthouse.uploads",
    "posthouse.mail",
    "posthouse.filters",
    "posthouse.delivery",
    "posthouse.notifications",
    "posthouse.conversations",
    "posthouse.bridge",
    "posthouse.hooks",
]

MIDDLEWARE = [
    "posthouse.config.middleware.request_frame",
    "posthouse.config.operators_door.operators_only",
    "posthouse.base.api.throttling.tell_the_standing",
    "posthouse.base.api.declared.refuse_unknown_parameters",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# /admin/ has a door of its own, with our sessions, users and tokens (operators_door.py).
SILENCED_SYSTEM_CHECKS = ["admin.E402", "admin.E406", "admin.E408", "admin.E409", "admin.E410"]
CSRF_COOKIE_NAME = "posthouse_unused"
"""Django's own token, which nothing here asks for; never the name of the API's."""
UNFOLD = {
    "SITE_TITLE": "Posthouse",
    "SITE_HEADER": "Posthouse",
    "SITE_SUBHEADER": "For its operators",
    "SITE_SYMBOL": "markunread_mailbox",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "6px",
}

DATABASES = {
    "default": ENV.database
    or {
        "ENGINE": "posthouse.base.sqlite",
        "NAME": str(ENV.data / "posthouse.sqlite3"),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
    }
}
DATABASES["default"] |= {"CONN_MAX_AGE": None}

SECRET_KEY_FALLBACKS = list(ENV.old_secret_keys)
PASSKEY_ORIGINS = ENV.origins
PASSKEY_RP_ID = ENV.passkey_domain

PASSWORD_HASHERS = [
    "posthouse.identity.hashing.Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

MAX_MESSAGE_BYTES = ENV.max_message_bytes
AUDIT_DAYS = ENV.audit_days
OPERATOR_MFA = ENV.operator_mfa
SLOW_REQUEST_MS = ENV.slow_request_ms
STATIC_URL = "/static/"
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "posthouse.identity.api.authentication.BearerAuthentication",
        "posthouse.identity.api.authentication.CookieAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["posthouse.identity.api.permissions.InScope"],
    "DEFAULT_THROTTLE_CLASSES": ["posthouse.base.api.throttling.Buckets"],
    "DEFAULT_RENDERER_CLASSES": ["posthouse.base.api.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["posthouse.base.api.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "posthouse.base.api.AnyAccept",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "posthouse.base.api.as_problem",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Posthouse",
    "DESCRIPTION": "Mail and conversations for a team: mailboxes, threads, e-mails, sending, chat, logs of changes.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "posthouse.base.api.schema.add_problems",
        "posthouse.config.examples.add_examples",
    ],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "GET_LIB_DOC_EXCLUDES": "posthouse.base.api.schema.classes_without_a_word",
    "ENUM_NAME_OVERRIDES": {
        "AssignmentStatusEnum": "posthouse.bridge.assignments.STATUSES",
        "WebhookDeliveryStateEnum": "posthouse.hooks.api.bodies.STATES",
        "NotificationKindEnum": "posthouse.notifications.deciding.KINDS",
        "NotificationLevelEnum": "posthouse.notifications.api.bodies.LEVELS",
        "NotificationOutcomeEnum": "posthouse.notifications.api.bodies.TOLD",
        "DeliveryReasonEnum": "posthouse.delivery.reasons.REASONS",
        "SuppressionReasonEnum": "posthouse.delivery.suppression.suppressed.REASONS",
        "VisibilityEnum": "posthouse.identity.profiles.VISIBILITIES",
        "PostingEnum": "posthouse.identity.api.groups.POSTINGS",
        "RoleEnum": "posthouse.mail.api.lists.ROLES",
        "FoundKindEnum": "posthouse.bridge.api.search_shapes.FOUND_KINDS",
        "ChatMessageKindEnum": "posthouse.conversations.api.shapes.MESSAGE_KINDS",
        "ConversationKindEnum": "posthouse.conversations.api.shapes.KINDS",
        "ConversationVisibilityEnum": "posthouse.conversations.opening.VISIBILITIES",
        "ParticipantLevelEnum": "posthouse.conversations.personal.LEVELS",
        "ParticipantRoleEnum": "posthouse.conversations.api.shapes.ROLES",
        "ReminderStateEnum": "posthouse.conversations.api.shapes.REMINDER_STATES",
        "ReportReasonEnum": "posthouse.conversations.reports.REASONS",
        "WhoEnum": "posthouse.conversations.opening.WHO",
    },
    "WEBHOOKS": [
        "posthouse.hooks.api.told.EMAIL_RECEIVED",
        "posthouse.hooks.api.told.EMAIL_CHANGED",
        "posthouse.hooks.api.told.EMAIL_DELETED",
        "posthouse.hooks.api.told.MESSAGE_DELIVERED",
        "posthouse.hooks.api.told.MESSAGE_BOUNCED",
        "posthouse.hooks.api.told.ACCOUNT_RESYNC",
        "posthouse.hooks.api.told.WEBHOOK_TEST",
    ],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
}
