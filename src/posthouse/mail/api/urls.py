from django.urls import path

from posthouse.mail.api import bulk, compose, lists, mailboxes, me, named, people, reading, sharing, verbs

urlpatterns = [
    path("auth/session/", me.BrowserSessionView.as_view()),
    path("auth/session/external/", me.BrowserSessionExternalView.as_view()),
    path("auth/session/mfa/", me.BrowserSessionMfaView.as_view()),
    path("auth/session/refresh/", me.BrowserSessionRefreshView.as_view()),
    path("auth/signup/verify/", people.SignUpProofView.as_view()),
    path("invitations/accept/", people.AcceptView.as_view()),
    path("users/", people.UsersView.as_view()),
    path("me/", me.MeView.as_view()),
    path("identities/<id:identity_id>/", me.IdentityView.as_view()),
    path("accounts/", sharing.AccountsView.as_view()),
    path("accounts/<id:account_id>/", sharing.AccountView.as_view()),
    path("accounts/<id:account_id>/grants/", sharing.GrantsView.as_view()),
    path("accounts/<id:account_id>/grants/<id:grant_id>/", sharing.GrantView.as_view()),
    path("mailboxes/", mailboxes.MailboxesView.as_view()),
    path("mailboxes/<id:mailbox_id>/", mailboxes.MailboxView.as_view()),
    path("mailboxes/<id:mailbox_id>/retention/", mailboxes.RetentionView.as_view()),
    path("threads/", lists.ThreadsView.as_view()),
    path("emails/", lists.EmailsView.as_view()),
    path("emails/bulk/", bulk.BulkView.as_view()),
    path("emails/update/", verbs.UpdateView.as_view()),
    path("emails/move/", verbs.MoveView.as_view()),
    path("emails/label/", verbs.LabelView.as_view()),
    path("emails/trash/", verbs.TrashView.as_view()),
    path("emails/destroy/", verbs.DestroyView.as_view()),
    path("emails/<id:email_id>/raw/", reading.RawView.as_view()),
    path("emails/<id:email_id>/html/", reading.HtmlView.as_view()),
    path("emails/<id:email_id>/attachments/<str:number>/", reading.PartView.as_view()),
    path("emails/<id:email_id>/attachments/<str:number>/thumbnail/", reading.PartThumbnailView.as_view()),
    path("blobs/", compose.BlobsView.as_view()),
    path("drafts/", compose.DraftsView.as_view()),
    path("drafts/<id:email_id>/", compose.DraftView.as_view()),
    path("addresses/", compose.AddressesView.as_view()),
    path("limits/", compose.LimitsView.as_view()),
]

named_patterns = [
    path("get/v1/inbox/", named.InboxView.as_view()),
    path("get/v1/star/", named.StarView.as_view()),
    path("get/v1/delete/", named.DeleteView.as_view()),
    path("get/v1/spam/", named.SpamView.as_view()),
    path("get/v1/sent/", named.SentView.as_view()),
    path("update/v1/star/", named.UpdateStarView.as_view()),
    path("update/v1/read/", named.UpdateReadView.as_view()),
    path("search/v1/", named.SearchView.as_view()),
]
"""Below /mail/, as the requirements name them."""
