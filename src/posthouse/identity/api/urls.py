from django.urls import path

from posthouse.identity.api import entrances, groups, organisation, people, roles, schemes, views

SCHEMES = (schemes.BearerScheme, schemes.SignedLinkScheme)

urlpatterns = [
    path("auth/token/", views.TokenView.as_view()),
    path("auth/token/refresh/", views.RefreshView.as_view()),
    path("auth/ticket/", views.TicketView.as_view()),
    path("auth/signup/", entrances.SignUpView.as_view()),
    path("auth/codes/resend/", entrances.ResendView.as_view()),
    path("auth/recovery/", entrances.RecoveryView.as_view()),
    path("auth/recovery/confirm/", entrances.RecoveryProofView.as_view()),
    path("invitations/", entrances.InvitationsView.as_view()),
    path("invitations/look/", entrances.InvitedView.as_view()),
    path("invitations/<id:invitation_id>/", entrances.InvitationView.as_view()),
    path("users/me/recovery-address/", entrances.RecoveryAddressView.as_view()),
    path("users/me/recovery-address/confirm/", entrances.RecoveryAddressProofView.as_view()),
    path("organisation/", organisation.OrganisationView.as_view()),
    path("domains/", organisation.DomainsView.as_view()),
    path("domains/<id:domain_id>/", organisation.DomainView.as_view()),
    path("domains/<id:domain_id>/prove/", organisation.ProofView.as_view()),
    path("groups/", groups.GroupsView.as_view()),
    path("groups/<id:group_id>/", groups.GroupView.as_view()),
    path("groups/<id:group_id>/members/", groups.MembersView.as_view()),
    path("groups/<id:group_id>/members/<id:user_id>/", groups.MemberView.as_view()),
    path("groups/<id:group_id>/groups/<id:child_id>/", groups.NestingView.as_view()),
    path("users/<id:user_id>/addresses/", groups.UserAddressesView.as_view()),
    path("users/<id:user_id>/addresses/<id:address_id>/", groups.UserAddressView.as_view()),
    path("users/<id:user_id>/addresses/<id:address_id>/primary/", groups.PrimaryAddressView.as_view()),
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
