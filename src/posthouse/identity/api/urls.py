from django.urls import path

from posthouse.identity.api import views

urlpatterns = [
    path("auth/token/", views.TokenView.as_view()),
    path("auth/token/refresh/", views.RefreshView.as_view()),
    path("auth/ticket/", views.TicketView.as_view()),
]
