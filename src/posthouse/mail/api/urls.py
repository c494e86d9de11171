from django.urls import path, register_converter

from posthouse.base.api.ids import IdConverter
from posthouse.mail.api import lists, mailboxes, me

register_converter(IdConverter, "id")

urlpatterns = [
    path("me/", me.MeView.as_view()),
    path("identities/<id:identity_id>/", me.IdentityView.as_view()),
    path("mailboxes/", mailboxes.MailboxesView.as_view()),
    path("mailboxes/<id:mailbox_id>/", mailboxes.MailboxView.as_view()),
    path("threads/", lists.ThreadsView.as_view()),
    path("emails/", lists.EmailsView.as_view()),
]
