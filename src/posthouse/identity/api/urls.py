from django.urls import path

from posthouse.identity.api import people, roles, schemes, views

SCHEMES = (schemes.BearerScheme, schemes.SignedLinkScheme)

urlpatterns = [
    path("auth/token/", views.TokenView.as_view()),
    path("auth/token/refresh/", views.RefreshView.as_view()),
    path("auth/ticket/", views.TicketView.as_view()),
    path("permissions/", roles.PermissionsView.as_view()),
    path("roles/", roles.RolesView.as_view()),
    path("roles/<id:role_id>/", roles.RoleView.as_view()),
    path("users/me/", people.MyselfView.as_view()),
    path("users/search/", people.SearchView.as_view()),
    path("users/online/", people.OnlineView.as_view()),
    path("users/<id:user_id>/", people.UserView.as_view()),
    path("users/<id:user_id>/restore/", people.RestoreView.as_view()),
    path("users/<id:user_id>/avatar/", people.AvatarView.as_view()),
]
