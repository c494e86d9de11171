from django.urls import path

from posthouse.identity.api import (
    cookie_views,
    oauth_consent,
    oauth_views,
    oidc_views,
    schemes,
    security_views,
    views,
)

SCHEMES = (schemes.BearerScheme, schemes.CookieScheme, schemes.SignedLinkScheme)

urlpatterns = [
    path("auth/token/", views.TokenView.as_view()),
    path("auth/token/refresh/", views.RefreshView.as_view()),
    path("auth/mfa/", views.MfaView.as_view()),
    path("auth/passkey/options/", views.PasskeyOptionsView.as_view()),
    path("auth/external/", oidc_views.ExternalView.as_view()),
    path("auth/external/begin/", oidc_views.ExternalBeginView.as_view()),
    path("identity-providers/", oidc_views.ProvidersView.as_view()),
    path("identity-providers/<id:provider_id>/", oidc_views.ProviderView.as_view()),
    path("auth/ticket/", views.TicketView.as_view()),
    path("auth/step-up/", views.StepUpView.as_view()),
    path("auth/step-up/options/", views.StepUpOptionsView.as_view()),
    path("auth/password/change/", views.PasswordChangeView.as_view()),
    path("security/", security_views.SecurityView.as_view()),
    path("security/revoke-all/", security_views.RevokeAllView.as_view()),
    path("security/totp/", security_views.TotpView.as_view()),
    path("security/totp/confirm/", security_views.TotpConfirmView.as_view()),
    path("security/recovery-codes/", security_views.RecoveryCodesView.as_view()),
    path("security/passkeys/", security_views.PasskeysView.as_view()),
    path("security/passkeys/options/", security_views.PasskeyOptionsView.as_view()),
    path("security/passkeys/<id:passkey_id>/name/", security_views.PasskeyView.as_view()),
    path("security/app-passwords/", security_views.AppPasswordsView.as_view()),
    path("security/tokens/", security_views.TokensView.as_view()),
    path("security/scopes/", security_views.ScopesView.as_view()),
    path("oauth/requests/", oauth_consent.OAuthRequestView.as_view()),
    path("oauth/decisions/", oauth_consent.OAuthDecisionView.as_view()),
    path("oauth/clients/", oauth_consent.OAuthClientsView.as_view()),
    path("oauth/clients/<id:client_id>/", oauth_consent.OAuthClientView.as_view()),
    path("security/<str:kind>/<id:item_id>/", security_views.RevokeView.as_view()),
]

cookie_patterns = [
    path("csrf/", cookie_views.CsrfView.as_view()),
    path("login/", cookie_views.LoginView.as_view()),
    path("mfa/", cookie_views.LoginMfaView.as_view()),
    path("logout/", cookie_views.LogoutView.as_view()),
]
"""Under `/api/auth/`, the names that requirement C4 gives them."""

oauth_patterns = [
    path("oauth/token/", oauth_views.TokenView.as_view()),
    path("oauth/revoke/", oauth_views.RevokeView.as_view()),
    path("oauth/introspect/", oauth_views.IntrospectView.as_view()),
    path("oauth/userinfo/", oauth_views.UserInfoView.as_view()),
    path("oauth/jwks/", oauth_views.KeysView.as_view()),
    path(".well-known/openid-configuration", oauth_views.DiscoveryView.as_view()),
]
"""At the root, where other programs look. `/oauth/authorize` is a page of the web client."""
