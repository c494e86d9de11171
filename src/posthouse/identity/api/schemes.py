"""How the schema describes our ways to authenticate; found by being imported (urls.py does)."""

from __future__ import annotations

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "posthouse.identity.api.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class CookieScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "posthouse.identity.api.authentication.CookieAuthentication"
    name = "session_cookie"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        text = "The cookie of `/api/auth/login/`; unsafe methods also need the header `X-CSRFToken`."
        return {"type": "apiKey", "in": "cookie", "name": "posthouse_login", "description": text}


class SignedLinkScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "posthouse.identity.api.authentication.SignedLinkAuthentication"
    name = "signed_link"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "query", "name": "sig"}
