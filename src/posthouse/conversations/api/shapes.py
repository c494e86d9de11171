"""The shapes of answers. Rows come ready from the room (rows.py); these tell the schema what is in them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from posthouse.base.api import IdField
from posthouse.conversations import opening, personal, policies, reports, sending
from posthouse.search.api.shapes import SearchAnswer, SnippetSegment

Shape = serializers.Serializer[Any]
ROLES = ["owner", "admin", "member", "guest"]
KINDS = ["direct", "group", "channel", "notes"]
MESSAGE_KINDS = ["text", "system"]
REMINDER_STATES = ["waiting", "due", "done"]


class OwnPlace(Shape):
    conversation_id = IdField()
    role = serializers.ChoiceField(choices=ROLES)
    left_at = serializers.DateTimeField(allow_null=True)
    read_number = serializers.IntegerField(help_text="One has read up to here in the main timeline.")
    delivered_number = serializers.IntegerField()
    is_marked_unread = serializers.BooleanField(
        help_text="The pointer stays until the conversation is reopened."
    )
    level = serializers.ChoiceField(choices=personal.LEVELS)
    muted_until = serializers.DateTimeField(allow_null=True)
    is_favourite = serializers.BooleanField()
    folder = serializers.CharField()
    hidden_number = serializers.IntegerField(
        help_text="Out of the list while nothing newer is there; 0 for never."
    )
    shown_after = serializers.IntegerField(
        help_text="Up to this number messages are from before one came, and not there for one while the conversation"
        " is private; 0: all are."
    )
    own_seq = serializers.CharField()


class Somebody(Shape):
    id = IdField(allow_null=True)
    name = serializers.CharField()


class ConversationState(Shape):
    id = IdField()
    kind = serializers.ChoiceField(choices=KINDS)
    visibility = serializers.ChoiceField(choices=opening.VISIBILITIES)
    name = serializers.CharField()
    topic = serializers.CharField()
    posting = serializers.ChoiceField(choices=opening.WHO)
    inviting = serializers.ChoiceField(choices=opening.WHO)
    edit_seconds = serializers.IntegerField(allow_null=True)
    delete_seconds = serializers.IntegerField(allow_null=True)
    retention_days = serializers.IntegerField(allow_null=True)
    history = serializers.ChoiceField(
        choices=policies.HISTORIES,
        allow_null=True,
        help_text="Whether who comes sees what was said before; null: as the organisation says.",
    )
    archived_at = serializers.DateTimeField(allow_null=True)
    created_by = IdField(allow_null=True)
    created_at = serializers.DateTimeField()
    members = serializers.IntegerField()
    last_number = serializers.IntegerField()
    last_at = serializers.DateTimeField()
    seq = serializers.CharField(help_text="The number of its last change.")


class LastMessage(Shape):
    """A message as a line of a list shows it."""

    id = IdField()
    number = serializers.IntegerField()
    author = Somebody()
    text = serializers.CharField(help_text="The beginning of its Markdown.")
    has_files = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class Conversation(ConversationState):
    me = OwnPlace(allow_null=True, help_text="null where one is not in it.")
    vars()["with"] = Somebody(allow_null=True, help_text="The other one of a direct conversation.")
    last = LastMessage(allow_null=True, help_text="The newest message of the main timeline.")


class Conversations(Shape):
    items = Conversation(many=True)
    next = serializers.CharField(allow_null=True)


class ChatAuthor(Somebody):
    email = serializers.CharField(allow_null=True, help_text="Of outside people only.")


class Mentioned(Shape):
    kind = serializers.ChoiceField(choices=["user", "group", "channel", "here"])
    id = IdField(allow_null=True)
    name = serializers.CharField()


class ChatFile(Shape):
    id = IdField()
    filename = serializers.CharField()
    content_type = serializers.CharField(help_text="By what the bytes are.")
    size_bytes = serializers.IntegerField()
    width = serializers.IntegerField(allow_null=True, help_text="Of pictures, as they are shown.")
    height = serializers.IntegerField(allow_null=True)


class ChatFileLink(ChatFile):
    url = serializers.CharField(help_text="Carries its own permission, for an hour or two.")
    thumbnail_url = serializers.CharField(allow_null=True, help_text="The same, of a small picture (WebP).")


class ChatFileLinks(Shape):
    items = ChatFileLink(many=True)


class ChatPreview(Shape):
    id = IdField()
    url = serializers.CharField(help_text="As the message has it.")
    host = serializers.CharField(help_text="Who answered, after all redirects.")
    title = serializers.CharField()
    description = serializers.CharField()
    site = serializers.CharField()
    has_image = serializers.BooleanField(help_text="To be asked for at `messages/{id}/previews/`.")


class ChatPreviewPicture(Shape):
    id = IdField()
    image_url = serializers.CharField(help_text="Through the image proxy, for an hour or two.")


class ChatPreviewPictures(Shape):
    items = ChatPreviewPicture(many=True)


class ChatMessage(Shape):
    id = IdField()
    conversation_id = IdField()
    number = serializers.IntegerField(help_text="Dense in its conversation, in order of sending.")
    thread_id = IdField(allow_null=True)
    author = ChatAuthor()
    kind = serializers.ChoiceField(choices=MESSAGE_KINDS)
    text = serializers.CharField(help_text="Markdown; empty in what was deleted.")
    html = serializers.CharField(help_text="The same, safe to be shown.")
    event = serializers.DictField(allow_null=True, help_text="Of a system message: its `type` and facts.")
    mentions = Mentioned(many=True)
    reply_to = IdField(allow_null=True)
    forwarded_from = Somebody(allow_null=True)
    importance = serializers.ChoiceField(choices=sending.IMPORTANCES)
    needs_ack = serializers.BooleanField()
    ack_count = serializers.IntegerField()
    attachments = ChatFile(many=True)
    previews = ChatPreview(many=True, help_text="Of its links; they come after the message was sent.")
    reactions = serializers.DictField(
        child=serializers.ListField(child=IdField()), help_text="Emoji to user ids."
    )
    revisions = serializers.IntegerField()
    client_id = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    deleted_at = serializers.DateTimeField(allow_null=True)
    pinned_at = serializers.DateTimeField(allow_null=True)
    pinned_by = IdField(allow_null=True)
    seq = serializers.CharField()


class MessageSnippet(Shape):
    """Where the words stand, in pieces to be put together; plain text, never HTML."""

    text = SnippetSegment(many=True)
    filename = SnippetSegment(many=True, help_text="Of the first file whose name has them; empty for none.")


class FoundMessage(ChatMessage):
    snippet = MessageSnippet(required=False, help_text="Of a search.")


class ChatMessages(Shape):
    items = FoundMessage(many=True)
    next = serializers.CharField(allow_null=True)
    search = SearchAnswer(required=False, help_text="Of a search.")


class ChatMessageList(Shape):
    items = ChatMessage(many=True)


class ChatThread(Shape):
    id = IdField()
    conversation_id = IdField()
    root_id = IdField()
    title = serializers.CharField()
    reply_count = serializers.IntegerField()
    last_number = serializers.IntegerField()
    last_at = serializers.DateTimeField()
    resolved_at = serializers.DateTimeField(allow_null=True)
    resolved_by = IdField(allow_null=True)
    seq = serializers.CharField()


class ChatThreads(Shape):
    items = ChatThread(many=True)
    next = serializers.CharField(allow_null=True)


class ThreadFollow(Shape):
    thread_id = IdField()
    conversation_id = IdField()
    read_number = serializers.IntegerField()
    is_following = serializers.BooleanField()
    is_muted = serializers.BooleanField()
    is_marked_unread = serializers.BooleanField()
    own_seq = serializers.CharField()


class UnreadThread(ChatThread):
    me = ThreadFollow()
    unread = serializers.IntegerField()


class UnreadThreads(Shape):
    items = UnreadThread(many=True)
    next = serializers.CharField(allow_null=True)


class Timeline(Shape):
    items = ChatMessage(many=True)
    threads = ChatThread(many=True, help_text="Those that begin in these messages.")
    has_older = serializers.BooleanField()
    has_newer = serializers.BooleanField()
    state = serializers.CharField(help_text="To go on from, at `changes/?since=`.")


class Participant(Shape):
    id = IdField()
    user_id = IdField(allow_null=True)
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=ROLES)
    joined_at = serializers.DateTimeField()
    left_at = serializers.DateTimeField(allow_null=True)
    read_number = serializers.IntegerField(
        allow_null=True, help_text="In conversations of few, unless it is hidden."
    )
    delivered_number = serializers.IntegerField(allow_null=True)
    seq = serializers.CharField()


class Participants(Shape):
    items = Participant(many=True)
    next = serializers.CharField(allow_null=True)


class Added(Shape):
    added = serializers.IntegerField(help_text="How many were not in it before.")


class ConversationChanges(Shape):
    conversation_id = IdField()
    since = serializers.CharField()
    state = serializers.CharField()
    has_more = serializers.BooleanField()
    conversation = ConversationState(allow_null=True)
    participants = Participant(many=True)
    threads = ChatThread(many=True)
    messages = ChatMessage(many=True)


class ChatMark(Shape):
    message_id = IdField()
    conversation_id = IdField()
    is_starred = serializers.BooleanField()
    is_hidden = serializers.BooleanField()
    own_seq = serializers.CharField()


class ChatDraft(Shape):
    conversation_id = IdField()
    thread_id = IdField(allow_null=True)
    content = serializers.DictField(allow_null=True, help_text="null when it was sent or thrown away.")
    changed_at = serializers.DateTimeField()
    own_seq = serializers.CharField()


class ChatDrafts(Shape):
    items = ChatDraft(many=True)


class ScheduledMessage(Shape):
    id = IdField()
    conversation_id = IdField()
    content = serializers.DictField()
    client_id = serializers.CharField(allow_null=True)
    send_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=["waiting", "sent", "cancelled", "failed"])
    reason = serializers.CharField(allow_null=True, help_text="The code of why it could not be sent.")
    message_id = IdField(allow_null=True)
    own_seq = serializers.CharField()


class FolderChanged(Shape):
    changed = serializers.IntegerField(help_text="How many conversations lay in it.")


class ScheduledList(Shape):
    items = ScheduledMessage(many=True)


class Reminder(Shape):
    id = IdField()
    message_id = IdField()
    conversation_id = IdField()
    remind_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=REMINDER_STATES)
    own_seq = serializers.CharField()


class ReminderOfMessage(Reminder):
    thread_id = IdField(allow_null=True)
    message = LastMessage(allow_null=True, help_text="null where one may not read it any more.")


class Reminders(Shape):
    items = ReminderOfMessage(many=True)


class OwnChanges(Shape):
    since = serializers.CharField()
    state = serializers.CharField()
    has_more = serializers.BooleanField()
    conversations = OwnPlace(many=True)
    follows = ThreadFollow(many=True)
    marks = ChatMark(many=True)
    drafts = ChatDraft(many=True)
    scheduled = ScheduledMessage(many=True)
    reminders = Reminder(many=True)


class ChatCounter(Shape):
    conversation_id = IdField()
    read_number = serializers.IntegerField()
    last_number = serializers.IntegerField()
    is_marked_unread = serializers.BooleanField()
    is_muted = serializers.BooleanField()
    unread = serializers.IntegerField(help_text="Counted to 100.")
    mentions = serializers.IntegerField(help_text="Counted to 100.")
    threads = serializers.IntegerField(help_text="Followed threads with something unread.")


class ChatCounters(Shape):
    items = ChatCounter(many=True, help_text="Only conversations where something is unread.")
    state = serializers.CharField(help_text="Of one's own log, to go on from.")


class ChatReader(Shape):
    user_id = IdField()
    name = serializers.CharField()


class Acknowledged(ChatReader):
    at = serializers.DateTimeField()


class ChatReaders(Shape):
    read = ChatReader(many=True)
    read_count = serializers.IntegerField()
    acknowledged = Acknowledged(many=True)


class ChatRevision(Shape):
    number = serializers.IntegerField()
    text = serializers.CharField()
    html = serializers.CharField()
    until = serializers.DateTimeField()


class ChatRevisions(Shape):
    items = ChatRevision(many=True)


class Blocked(ChatReader):
    created_at = serializers.DateTimeField()


class Blocks(Shape):
    items = Blocked(many=True)


class ChatSettings(Shape):
    hides_reading = serializers.BooleanField()
    files_bytes = serializers.IntegerField(help_text="What one has brought; it counts towards one's quota.")
    direct_from = serializers.ChoiceField(choices=policies.DIRECT_FROM)


class ConversationPolicy(Shape):
    edit_seconds = serializers.IntegerField(allow_null=True, help_text="null: without end; 0: never.")
    delete_seconds = serializers.IntegerField(allow_null=True)
    hides_revisions = serializers.BooleanField()
    hides_reading = serializers.BooleanField()
    retention_days = serializers.IntegerField(allow_null=True)
    is_held = serializers.BooleanField()
    exporting = serializers.ChoiceField(
        choices=policies.EXPORTING,
        help_text="Who takes conversations out as files, besides those who manage conversations.",
    )
    shows_previews = serializers.BooleanField()
    shows_outside_previews = serializers.BooleanField()
    creating = serializers.ChoiceField(choices=policies.CREATING)
    history = serializers.ChoiceField(
        choices=policies.HISTORIES, help_text="Of conversations that say nothing else."
    )


class ChatExport(Shape):
    id = IdField()
    conversation_id = IdField()
    state = serializers.ChoiceField(choices=["waiting", "done", "failed"])
    reason = serializers.CharField(allow_null=True, help_text="Of one that failed, an error code.")
    messages = serializers.IntegerField()
    size_bytes = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(help_text="It is gone then.")
    url = serializers.CharField(
        allow_null=True, help_text="The zip, for an hour or two; null until it is done."
    )


class ChatExports(Shape):
    items = ChatExport(many=True)


class ManagedConversation(Shape):
    id = IdField()
    kind = serializers.ChoiceField(choices=["group", "channel"])
    visibility = serializers.ChoiceField(choices=opening.VISIBILITIES)
    name = serializers.CharField()
    members = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    last_at = serializers.DateTimeField()
    archived_at = serializers.DateTimeField(allow_null=True)
    retention_days = serializers.IntegerField(allow_null=True, help_text="null: as the organisation's.")
    is_held = serializers.BooleanField()


class ManagedConversations(Shape):
    items = ManagedConversation(many=True)
    next = serializers.CharField(allow_null=True)


class Expiring(Shape):
    messages = serializers.IntegerField()
    is_more = serializers.BooleanField(help_text="There are more than were counted.")
    conversations = serializers.IntegerField(help_text="In how many conversations they are.")
    oldest_at = serializers.DateTimeField(allow_null=True)
    is_held = serializers.BooleanField(help_text="Nothing goes while a legal hold is on.")


class ChatReport(Shape):
    id = IdField()
    message_id = IdField()
    conversation_id = IdField()
    reporter = Somebody()
    author = Somebody()
    reason = serializers.ChoiceField(choices=reports.REASONS)
    note = serializers.CharField()
    text = serializers.CharField(help_text="What the message said when it was reported.")
    state = serializers.ChoiceField(choices=reports.STATES)
    decided_by = IdField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class ChatReports(Shape):
    items = ChatReport(many=True)
    next = serializers.CharField(allow_null=True)
