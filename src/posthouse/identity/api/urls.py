from django.urls import path

from posthouse.identity.api import schemes, views

SCHEMES = (schemes.BearerScheme, schemes.SignedLinkScheme)

urlpatterns = [
    path("auth/token/", views.TokenView.as_view()),
    path("auth/token/refresh/", views.RefreshView.as_view()),
    path("auth/ticket/", views.TicketView.as_view()),
]
