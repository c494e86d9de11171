"""What can stand in the log. The names are stable: filters, exports and other people's alarms are built on them."""

from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """A dotted name; what is before the dot names the family, and a filter may ask for that alone."""

    LOGIN_OK = "login.ok"
    LOGIN_FAILED = "login.failed"
    SESSION_CLOSED = "session.closed"
    SESSION_REVOKED = "session.revoked"
    SESSION_PROVED = "session.proved"
    MAIL_CLIENT_ENDED = "mail_client.ended"

    PASSWORD_CHANGED = "password.changed"  # noqa: S105 the name of an act
    TOTP_ADDED = "totp.added"
    TOTP_REMOVED = "totp.removed"
    PASSKEY_ADDED = "passkey.added"
    PASSKEY_RENAMED = "passkey.renamed"
    PASSKEY_REMOVED = "passkey.removed"
    RECOVERY_CODES_MADE = "recovery_codes.made"
    BROWSER_TRUSTED = "browser.trusted"
    BROWSER_DISTRUSTED = "browser.distrusted"
    APP_PASSWORD_MADE = "app_password.made"  # noqa: S105
    APP_PASSWORD_REVOKED = "app_password.revoked"  # noqa: S105
    TOKEN_MADE = "token.made"  # noqa: S105
    TOKEN_REVOKED = "token.revoked"  # noqa: S105
    APPLICATION_ALLOWED = "application.allowed"
    APPLICATION_ENTERED = "application.entered"
    APPLICATION_ENDED = "application.ended"

    FACTORS_REMOVED = "factors.removed"
    OPERATOR_MADE = "operator.made"
    OPERATOR_UNMADE = "operator.unmade"

    PROFILE_CHANGED = "profile.changed"
    USER_ADDED = "user.added"
    USER_CHANGED = "user.changed"
    USER_DELETED = "user.deleted"
    USER_RESTORED = "user.restored"
    USER_FORGOTTEN = "user.forgotten"
    ADDRESS_ADDED = "address.added"
    ADDRESS_REMOVED = "address.removed"
    ADDRESS_CHOSEN = "address.chosen"
    RECOVERED = "password.recovered"
    RECOVERY_CHANGED = "recovery.changed"
    INVITATION_MADE = "invitation.made"
    INVITATION_REVOKED = "invitation.revoked"
    INVITATION_ACCEPTED = "invitation.accepted"
    ROLE_CREATED = "role.created"
    ROLE_CHANGED = "role.changed"
    ROLE_DELETED = "role.deleted"
    GROUP_CREATED = "group.created"
    GROUP_CHANGED = "group.changed"
    GROUP_DELETED = "group.deleted"
    MEMBER_PUT = "member.put"
    MEMBER_REMOVED = "member.removed"
    ORGANISATION_CREATED = "organisation.created"
    ORGANISATION_CHANGED = "organisation.changed"
    DOMAIN_CLAIMED = "domain.claimed"
    DOMAIN_UNCLAIMED = "domain.unclaimed"
    DOMAIN_ADDED = "domain.added"
    DOMAIN_CHANGED = "domain.changed"
    DOMAIN_REMOVED = "domain.removed"
    OAUTH_CLIENT_ADDED = "oauth_client.added"
    OAUTH_CLIENT_REMOVED = "oauth_client.removed"
    PROVIDER_ADDED = "identity_provider.added"
    PROVIDER_REMOVED = "identity_provider.removed"
    PROVIDER_LINKED = "identity_provider.linked"
    WEBHOOK_CREATED = "webhook.created"
    WEBHOOK_CHANGED = "webhook.changed"
    WEBHOOK_DELETED = "webhook.deleted"
    WEBHOOK_ROTATED = "webhook.rotated"
    WEBHOOK_TESTED = "webhook.tested"
    WEBHOOK_REPLAYED = "webhook.replayed"
    ACCOUNT_CREATED = "account.created"
    ACCOUNT_CHANGED = "account.changed"
    ACCOUNT_DELETED = "account.deleted"
    GRANT_GIVEN = "grant.given"
    GRANT_REVOKED = "grant.revoked"

    EMAIL_DESTROYED = "email.destroyed"
    EMAIL_EXPUNGED = "email.expunged"
    EMAIL_TRANSFERRED = "email.transferred"
    MAILBOX_CREATED = "mailbox.created"
    MAILBOX_CHANGED = "mailbox.changed"
    MAILBOX_DELETED = "mailbox.deleted"
    IDENTITY_CHANGED = "identity.changed"
    MAIL_IMPORTED = "mail.imported"
    MAIL_EXPIRED = "mail.expired"
    RULE_CREATED = "rule.created"
    RULE_CHANGED = "rule.changed"
    RULE_DELETED = "rule.deleted"
    RULE_APPLIED = "rule.applied"
    RULE_UNDONE = "rule.undone"

    MESSAGE_SUBMITTED = "message.submitted"
    MESSAGE_CANCELLED = "message.cancelled"
    MESSAGE_HURRIED = "message.hurried"
    MESSAGE_GIVEN_UP = "message.given_up"
    JOB_HURRIED = "job.hurried"

    CHECK_REPAIRED = "check.repaired"
    AUDIT_EXPORTED = "audit.exported"
    AUDIT_PRUNED = "audit.pruned"
    AUDIT_SEALED = "audit.sealed"


class Outcome(StrEnum):
    OK = "ok"
    REFUSED = "refused"
