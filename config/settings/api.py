"""The API: who is asked, limits, tokens and the names of its description."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from config.env import read

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.PrincipalAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_RATES": {
        "generate": read("API_GENERATE_RATE"),
        "login": read("API_LOGIN_RATE"),
    },
    "EXCEPTION_HANDLER": "api.errors.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "NUM_PROXIES": 1 if read("BEHIND_PROXY") else 0,
    "COERCE_DECIMAL_TO_STRING": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SIMPLE_JWT: dict[str, Any] = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=1),
    "ALGORITHM": "HS256",
    "ISSUER": "mizan",
    "AUDIENCE": "mizan-api",
    "AUTH_HEADER_TYPES": ("Bearer",),
    "UPDATE_LAST_LOGIN": False,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Mizan API",
    "DESCRIPTION": "Invoicing and books for Saudi small businesses.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "PREPROCESSING_HOOKS": ["api.schema.without_slash"],
    # names of choices whose fields share one name
    "ENUM_NAME_OVERRIDES": {
        "ItemKind": ["goods", "service"],
        "AccountKind": [
            "header",
            "asset",
            "contra_asset",
            "liability",
            "equity",
            "revenue",
            "contra_revenue",
            "expense",
            "contra_expense",
        ],
        "JournalKind": [
            "normal",
            "opening",
            "accrual",
            "revaluation",
            "tax",
            "closing",
            "reversal",
        ],
        "ManualJournalKind": ["normal", "accrual"],
        "ManualJournalStatus": ["draft", "posted", "reversed"],
        "InvoiceKind": ["invoice", "debit_note", "prepayment", "opening"],
        "BillKind": ["bill", "opening"],
        "PaymentAccountKind": ["cash", "bank", "card"],
        "PeriodState": ["open", "closing", "closed"],
        "BankFileFormat": ["mt940", "camt053", "ofx", "csv"],
        "FileFormat": ["csv", "xlsx", "pdf"],
        "JournalFrequency": ["monthly", "quarterly"],
        "InvoiceFrequency": ["weekly", "monthly", "quarterly"],
        "SettlementHold": ["", "disputed", "on_hold"],
        "PostedStatus": ["posted", "void"],
        "CommissionStatus": ["pending", "approved", "paid", "cancelled"],
        "DocumentStatus": ["draft", "posted", "partially_paid", "paid", "void"],
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.schema.document_problems",
    ],
}
API_MAX_BODY_BYTES = 10 * 1024 * 1024

# Pages of other origins that may call the API from a browser, with a token and never with our cookies. None by default.
CORS_ALLOWED_ORIGINS = [*read("CORS_ALLOWED_ORIGINS")]
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_CREDENTIALS = False
CORS_ALLOW_HEADERS = (
    "accept",
    "accept-language",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
)
CORS_EXPOSE_HEADERS = (
    "Idempotent-Replayed",
    "Retry-After",
    "Server-Timing",
    "X-Request-ID",
    "ETag",
)
