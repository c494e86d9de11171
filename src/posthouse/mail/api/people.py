"""People as the room of mail knows them: whoever is added gets an account."""

from __future__ import annotations

from posthouse.identity.api.entrances import AcceptView as _AcceptView
from posthouse.identity.api.entrances import SignUpProofView as _SignUpProofView
from posthouse.identity.api.people import UsersView as _UsersView
from posthouse.mail import mailboxes


class UsersView(_UsersView):
    settle = staticmethod(mailboxes.settle)


class SignUpProofView(_SignUpProofView):
    settle = staticmethod(mailboxes.settle)


class AcceptView(_AcceptView):
    settle = staticmethod(mailboxes.settle)
