"""Shapes of what the mail API gives, declared for the schema; hot rows are not made by these classes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from posthouse.base.api import IdField
from posthouse.search.api.shapes import SearchAnswer, SnippetSegment

Shape = serializers.Serializer[Any]


class Addr(Shape):
    """A person's name (maybe empty) and address."""

    name = serializers.CharField()
    email = serializers.CharField()


class Mailbox(Shape):
    id = IdField()
    account_id = IdField()
    parent_id = IdField(allow_null=True)
    name = serializers.CharField()
    role = serializers.ChoiceField(
        choices=["inbox", "drafts", "sent", "archive", "junk", "trash"], allow_null=True
    )
    total_emails = serializers.IntegerField()
    unread_emails = serializers.IntegerField()
    is_subscribed = serializers.BooleanField()
    sort_order = serializers.IntegerField()
    retention_days = serializers.IntegerField(
        allow_null=True, help_text="E-mails that have lain there so long are taken out; null keeps them."
    )


class Retention(Shape):
    days = serializers.IntegerField()
    emails = serializers.IntegerField(help_text="How many have lain there longer.")


class MailboxList(Shape):
    items = Mailbox(many=True)
    state = serializers.CharField()


class ThreadRow(Shape):
    id = IdField()
    account_id = IdField()
    subject = serializers.CharField()
    preview = serializers.CharField()
    last_at = serializers.DateTimeField()
    email_count = serializers.IntegerField()
    unread_count = serializers.IntegerField()
    is_flagged = serializers.BooleanField()
    is_answered = serializers.BooleanField()
    has_attachment = serializers.BooleanField()
    has_draft = serializers.BooleanField()
    senders = Addr(many=True)
    recipients = Addr(many=True)
    mailbox_ids = serializers.ListField(child=IdField())
    email_ids = serializers.ListField(child=IdField())


class Snippet(Shape):
    """Where the words stand, in pieces to be put together; plain text, never HTML."""

    email_id = IdField()
    subject = SnippetSegment(many=True)
    text = SnippetSegment(many=True)


class ListedThread(ThreadRow):
    """`placed_at` gives a thread its place in the list; `last_at` may be later, for an e-mail elsewhere."""

    placed_at = serializers.DateTimeField()
    snippet = Snippet(required=False, allow_null=True, help_text="Of a list that was searched for.")


class ThreadPage(Shape):
    items = ListedThread(many=True)
    next = serializers.CharField(allow_null=True)
    state = serializers.CharField()
    search = SearchAnswer(required=False, help_text="Of a list that was searched for.")


class EmailRow(Shape):
    id = IdField()
    account_id = IdField()
    thread_id = IdField()
    mailbox_ids = serializers.ListField(child=IdField())
    vars()["from"] = Addr(many=True)
    to = Addr(many=True)
    cc = Addr(many=True)
    subject = serializers.CharField()
    preview = serializers.CharField()
    received_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    size_bytes = serializers.IntegerField()
    is_seen = serializers.BooleanField()
    is_flagged = serializers.BooleanField()
    is_answered = serializers.BooleanField()
    is_forwarded = serializers.BooleanField()
    is_draft = serializers.BooleanField()
    keywords = serializers.ListField(child=serializers.CharField())
    has_attachment = serializers.BooleanField()


class ListedEmail(EmailRow):
    snippet = Snippet(required=False, allow_null=True, help_text="Of a list that was searched for.")


class EmailPage(Shape):
    items = ListedEmail(many=True)
    next = serializers.CharField(allow_null=True)
    state = serializers.CharField()
    search = SearchAnswer(required=False, help_text="Of a list that was searched for.")


class Attachment(Shape):
    part = serializers.CharField()
    filename = serializers.CharField()
    content_type = serializers.CharField()
    size_bytes = serializers.IntegerField()
    disposition = serializers.ChoiceField(choices=["inline", "attachment"])
    content_id = serializers.CharField(allow_null=True)
    url = serializers.CharField(help_text="Signed; downloads the part.")
    preview_url = serializers.CharField(allow_null=True, help_text="Signed; shows an image in place.")
    thumbnail_url = serializers.CharField(allow_null=True, help_text="Signed; a small picture (WebP).")
    blob_id = serializers.CharField(help_text="For a draft that takes this part along.")


class SavedPiece(Shape):
    blob_id = serializers.CharField(max_length=300)
    filename = serializers.CharField(max_length=255)
    content_type = serializers.CharField(max_length=255)
    disposition = serializers.ChoiceField(choices=["inline", "attachment"])
    content_id = serializers.CharField(max_length=200, allow_null=True, required=False)
    size_bytes = serializers.IntegerField(required=False)


class SavedDraft(Shape):
    account_id = IdField(allow_null=True)
    identity_id = IdField(allow_null=True)
    to = Addr(many=True)
    cc = Addr(many=True)
    bcc = Addr(many=True)
    subject = serializers.CharField(allow_blank=True)
    html = serializers.CharField(allow_null=True)
    text = serializers.CharField(allow_null=True)
    attachments = SavedPiece(many=True)
    reply_to_email_id = IdField(allow_null=True)
    forward_of_email_id = IdField(allow_null=True)
    asks_read = serializers.BooleanField()
    asks_delivery = serializers.BooleanField()


class DeliveryReport(Shape):
    action = serializers.ChoiceField(choices=["failed", "delayed", "delivered", "relayed", "expanded"])
    host = serializers.CharField(allow_null=True, help_text="Whose words they are.")
    answer = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()


class Delivery(Shape):
    recipient = serializers.CharField()
    state = serializers.ChoiceField(
        choices=["held", "queued", "sending", "retrying", "delivered", "failed", "cancelled", "skipped"],
        help_text="`skipped`: they have left the list that this was sent to.",
    )
    attempts = serializers.IntegerField()
    next_attempt_at = serializers.DateTimeField(allow_null=True)
    host = serializers.CharField(allow_null=True)
    tls = serializers.BooleanField(allow_null=True)
    verified_by = serializers.ChoiceField(choices=["dane", "mta-sts", "certificate"], allow_null=True)
    answer = serializers.CharField(allow_null=True)
    reason = serializers.ChoiceField(
        choices=[
            "no_such_address",
            "no_such_domain",
            "mailbox_full",
            "too_large",
            "taken_for_spam",
            "not_authenticated",
            "not_secure",
            "not_reached",
            "asked_to_wait",
            "odd_address",
            "refused",
            "demanded_here",
            "other",
        ],
        allow_null=True,
        help_text="Why it has not arrived, where it has not.",
    )
    report = DeliveryReport(
        allow_null=True, help_text="What came back after a server had taken it; `failed` makes the state so."
    )
    read_at = serializers.DateTimeField(allow_null=True, help_text="When a receipt of reading came.")
    complained_at = serializers.DateTimeField(
        allow_null=True, help_text="When the recipient's provider passed on that they call it spam."
    )
    updated_at = serializers.DateTimeField()
    is_forward = serializers.BooleanField(help_text="It came in and goes on by itself.")


class Submission(Shape):
    id = IdField()
    email_id = IdField(allow_null=True)
    state = serializers.ChoiceField(choices=["held", "active", "done", "cancelled"])
    undo_until = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    recipients = Delivery(many=True)


class AuthenticationCheck(Shape):
    method = serializers.ChoiceField(choices=["spf", "dkim", "dmarc", "arc"])
    result = serializers.CharField(help_text="As RFC 8601 names it: pass, fail, none, temperror …")
    domain = serializers.CharField(allow_blank=True, help_text="The domain that this says something about.")
    reason = serializers.CharField(allow_blank=True, help_text="What a program would log.")
    text = serializers.CharField(help_text="The same in plain words.")


class Authentication(Shape):
    verdict = serializers.ChoiceField(
        choices=["proved", "failed", "doubtful", "unproved"],
        help_text=(
            "Whether it is from the domain of its From. `failed`: it is not proved, and the domain asks to keep such"
            " mail away; `doubtful`: not proved, and it does not ask; `unproved`: the domain says nothing about it."
        ),
    )
    domain = serializers.CharField(allow_blank=True, help_text="The domain of From.")
    checks = AuthenticationCheck(many=True)


class SpamSignal(Shape):
    name = serializers.CharField()
    weight = serializers.FloatField(help_text="Points; what is below zero speaks for the e-mail.")
    words = serializers.CharField(help_text="The same in plain words.")


class Spam(Shape):
    score = serializers.FloatField(help_text="The sum of all weights.")
    verdict = serializers.ChoiceField(choices=["inbox", "junk"])
    signals = SpamSignal(many=True, help_text="What was made of it, the weightiest first.")


class FiledBy(Shape):
    rule_id = IdField()
    name = serializers.CharField(allow_null=True, help_text="Null once the rule is deleted.")


class Email(EmailRow):
    bcc = Addr(many=True)
    reply_to = Addr(many=True)
    message_id = serializers.CharField(allow_null=True)
    in_reply_to = serializers.ListField(child=serializers.CharField())
    references = serializers.ListField(child=serializers.CharField())
    list_unsubscribe = serializers.CharField(allow_null=True)
    text = serializers.CharField()
    has_html = serializers.BooleanField()
    html_url = serializers.CharField(
        help_text="Signed page for a sandboxed frame; append &images=1 for remote images."
    )
    has_remote_content = serializers.BooleanField()
    attachments = Attachment(many=True)
    delivery = Delivery(many=True, allow_null=True)
    receipt_to = serializers.CharField(
        allow_null=True, help_text="Who asks to be told that it was read; null once that is answered."
    )
    trust = serializers.DictField(allow_null=True)
    authentication = Authentication(
        allow_null=True, help_text="What was checked when it arrived; null where nothing was."
    )
    draft = SavedDraft(allow_null=True)
    filed_by = FiledBy(allow_null=True, help_text="The rule that put it where it is.")
    spam = Spam(
        allow_null=True, help_text="What the filter said when it arrived; null where it was not asked."
    )


class Thread(Shape):
    id = IdField()
    account_id = IdField()
    subject = serializers.CharField()
    state = serializers.CharField()
    emails = Email(many=True)


class Account(Shape):
    id = IdField()
    name = serializers.CharField()
    email = serializers.CharField()
    kind = serializers.ChoiceField(choices=["local", "shared"])
    is_own = serializers.BooleanField()
    right = serializers.ChoiceField(choices=["read", "draft", "write", "admin"], allow_null=True)
    quota_bytes = serializers.IntegerField(allow_null=True)
    used_bytes = serializers.IntegerField()
    state = serializers.CharField()


class Identity(Shape):
    id = IdField()
    account_id = IdField()
    name = serializers.CharField()
    email = serializers.CharField()
    signature_html = serializers.CharField()


class Me(Shape):
    id = IdField()
    email = serializers.CharField()
    name = serializers.CharField()
    accounts = Account(many=True)
    identities = Identity(many=True)
    preferences = serializers.DictField()
    imap_off = serializers.ListField(
        child=serializers.CharField(),
        help_text="IMAP extensions that one's mail programs are not offered, from their next log-in on.",
    )


class SessionAnswer(Shape):
    access = serializers.CharField()
    user = Me()
    needs_factor = serializers.BooleanField(
        help_text="The organisation requires a second factor: until one is set up nothing else is open."
    )


class Updated(Shape):
    updated = serializers.IntegerField()
    state = serializers.CharField()


class BulkResult(Shape):
    id = IdField()
    status = serializers.IntegerField(help_text="200 done, 404 not there, 424 not tried.")
    code = serializers.CharField(allow_null=True, help_text="As in a problem; null when done.")


class BulkResults(Shape):
    results = BulkResult(many=True)
    updated = serializers.IntegerField()
    state = serializers.CharField()


class Blob(Shape):
    blob_id = serializers.CharField()
    filename = serializers.CharField()
    content_type = serializers.CharField()
    size_bytes = serializers.IntegerField()


class Limits(Shape):
    max_attachment_bytes = serializers.IntegerField()
    max_message_bytes = serializers.IntegerField()
    max_recipients = serializers.IntegerField()


class Addresses(Shape):
    items = Addr(many=True)
