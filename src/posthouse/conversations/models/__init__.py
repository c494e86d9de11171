"""The tables of conversations.

Invariants
- A conversation has one numbered log: every change takes its next `seq` and stamps the rows it touched (`Message`,
  `Participant`, `Thread`, `Conversation`) in one transaction. A person has another, `PersonState.seq`, for what is
  theirs alone; their rows carry it as `own_seq`.
- `Message.number` is dense in its conversation and in order of sending. Nothing takes a number back.
- What is deleted stays as a row without content, until retention removes it and moves `Conversation.horizon`.
- Sending writes no row per member.
"""

from posthouse.conversations.models.conversations import Conversation, Exporting, History, Participant, Policy
from posthouse.conversations.models.exports import Export
from posthouse.conversations.models.messages import (
    Acknowledgement,
    File,
    Follow,
    IdempotencyKey,
    LinkedPage,
    Mention,
    Message,
    Preview,
    Revision,
    Thread,
)
from posthouse.conversations.models.personal import (
    Block,
    Draft,
    Mark,
    PersonState,
    Reminder,
    Report,
    Scheduled,
)

__all__ = [
    "Acknowledgement",
    "Block",
    "Conversation",
    "Draft",
    "Export",
    "Exporting",
    "File",
    "Follow",
    "History",
    "IdempotencyKey",
    "LinkedPage",
    "Mark",
    "Mention",
    "Message",
    "Participant",
    "PersonState",
    "Policy",
    "Preview",
    "Reminder",
    "Report",
    "Revision",
    "Scheduled",
    "Thread",
]
