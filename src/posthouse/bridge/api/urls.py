from django.urls import path

from posthouse.bridge.api import leaving, mailing, outsiders

_ONE = "conversations/<id:conversation_id>/outside"

urlpatterns = [
    path("conversations/leave-by-mail/", leaving.LeaveView.as_view()),
    path("conversations/held/", outsiders.HeldCountsView.as_view()),
    path("conversations/<id:conversation_id>/mail/", mailing.MailView.as_view()),
    path(f"{_ONE}/", outsiders.OutsidersView.as_view()),
    path(f"{_ONE}/held/", outsiders.HeldListView.as_view()),
    path(f"{_ONE}/held/<id:held_id>/", outsiders.HeldView.as_view()),
    path(f"{_ONE}/held/<id:held_id>/release/", outsiders.ReleaseView.as_view()),
    path(f"{_ONE}/<id:outsider_id>/", outsiders.OutsiderView.as_view()),
    path(f"{_ONE}/<id:outsider_id>/renew/", outsiders.RenewView.as_view()),
]
