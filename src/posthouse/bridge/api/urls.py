from django.urls import path

from posthouse.bridge.api import assignments, desks, leaving, mailing, notes, outsiders, search

_ONE = "conversations/<id:conversation_id>/outside"
_THREAD = "threads/<id:thread_id>"

urlpatterns = [
    path("assignments/", assignments.AssignmentsView.as_view()),
    path("accounts/<id:account_id>/desk/", desks.DeskView.as_view()),
    path(f"{_THREAD}/notes/", notes.NotesView.as_view()),
    path(f"{_THREAD}/assignment/", assignments.AssignmentView.as_view()),
    path("conversations/<id:conversation_id>/mail-thread/", notes.MailThreadView.as_view()),
    path("search/", search.SearchView.as_view()),
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
