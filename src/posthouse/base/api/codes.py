"""Every code that a problem (or one entry of its `errors`) may carry: what it means, and what to do.

The `type` of a problem leads to its page here (problem_pages.py). A code keeps its meaning for ever; a test finds
every code of the source in this table. Codes of the field kind say what is wrong with one part of a body.
"""

from __future__ import annotations

from typing import NamedTuple


class Code(NamedTuple):
    """`status` is 0 for those that only the command line and other doors tell."""

    status: int
    meaning: str
    remedy: str


_BODY = "Correct the field that the pointer names and send the request again."
_ASK = "Ask who runs the server, with the request id."
_LATER = "Try again later; nothing was changed."

CODES: dict[str, Code] = {
    # The request itself
    "malformed_json": Code(400, "The body is not JSON.", "Send valid JSON in UTF-8."),
    "nothing_named": Code(
        400, "The command does not say which mail.", "Name numbers, a destination or a sender."
    ),
    "unreadable": Code(
        400, "A file that the command names cannot be read.", "Correct its path or its rights."
    ),
    "unknown_encoding": Code(
        400,
        "A part has a transfer encoding that is not known.",
        "Fetch it as it is, without decoding (IMAP's BODY).",
    ),
    "bad_request": Code(
        400, "The request makes no sense to the server.", "Compare it with the documentation."
    ),
    "unknown_field": Code(
        400,
        "A field or query parameter is not known.",
        "Look for a misspelt name; what is unknown is never passed over.",
    ),
    "invalid_parameter": Code(
        400, "A query parameter has no valid value.", "Correct the parameter that is named."
    ),
    "invalid_cursor": Code(
        400, "The cursor belongs to another list, or was changed.", "Read the list from its beginning."
    ),
    "ids_or_thread_ids": Code(400, "Both or neither of ids and thread_ids were given.", "Give one of them."),
    "not_found": Code(
        404, "There is nothing here, or it is not yours: the two are one answer.", "Check the path and ids."
    ),
    "method_not_allowed": Code(405, "The path has no such method.", "See the header Allow."),
    "not_acceptable": Code(406, "No form of the answer fits.", "Send no Accept header."),
    "unsupported_media_type": Code(
        415, "The body has a type that is not taken here.", "Send application/json."
    ),
    "too_large": Code(
        413, "The body, file or message is too large.", "See `limit_bytes` and GET /api/v1/limits/."
    ),
    "precondition_failed": Code(
        412,
        "It has changed since the ETag in If-Match.",
        "Read it again, apply your change to that, and send it again.",
    ),
    "failed_dependency": Code(
        424, "Not tried, since another of an atomic request could not be done.", "Mend the other."
    ),
    # Who asks
    "not_authenticated": Code(
        401, "No log-in was given.", "Log in at /api/v1/auth/token/ and send the access token."
    ),
    "invalid_credentials": Code(
        401, "The address or the password is wrong.", "Try again; after many failures, wait."
    ),
    "invalid_token": Code(
        401, "The access token is wrong or has expired.", "Exchange the refresh token for the next pair."
    ),
    "token_revoked": Code(401, "The session has ended.", "Log in again."),
    "no_session": Code(401, "There is no session to go on with.", "Log in again."),
    "invalid_link": Code(
        403, "The signed link is wrong or has expired.", "Read the e-mail again for a fresh link."
    ),
    "client_header_required": Code(
        403, "The browser's session wants a header.", "Send X-Posthouse-Client: web."
    ),
    "permission_denied": Code(403, "You may not do this.", "Ask an administrator of your organisation."),
    "right_lacking": Code(
        403,
        "You may use this account, but not so.",
        "Ask whoever administers the account for a higher right.",
    ),
    "more_than_yours": Code(
        403, "Nobody gives or takes more than they may do themselves.", "Ask somebody who may do more."
    ),
    "not_yourself": Code(403, "You cannot do this to yourself.", "Ask a colleague who manages people."),
    "not_yours": Code(403, "A mailbox cannot lie there.", "Mailboxes stay within their account."),
    "address_refused": Code(
        403, "The address lies in a network that may not be contacted.", "Use a public address."
    ),
    # Second factors, tokens, and what decides who gets in
    "mfa_required": Code(
        401,
        "The password was right; the second factor is missing.",
        "Send the challenge with a proof to mfa/.",
    ),
    "mfa_setup_required": Code(
        403,
        "A second factor is required of you, and you have none.",
        "Log in and set one up at /api/v1/security/totp/ or passkeys/; nothing else is open until then.",
    ),
    "invalid_code": Code(401, "The second factor was wrong, or was used already.", "Give a fresh one."),
    "invalid_challenge": Code(
        401, "The log-in has taken too long or was finished.", "Begin it again with the password."
    ),
    "external_login_failed": Code(
        401, "The organisation's own log-in did not say who you are.", "Try again, or log in by password."
    ),
    "insufficient_scope": Code(
        403, "The token lacks the scope that is named.", "Make a token that has it, or log in yourself."
    ),
    "step_up_required": Code(
        403, "The act needs a fresh proof of who you are.", "POST /api/v1/auth/step-up/, then try again."
    ),
    "wrong_proof": Code(403, "The proof was wrong, or was used already.", "Give the right one."),
    "second_factor_needed": Code(
        403, "The password is not the proof that counts here.", "Give the second factor."
    ),
    "csrf_failed": Code(
        403,
        "The header X-CSRFToken is missing or does not fit.",
        "Read GET /api/auth/csrf/ and send its token.",
    ),
    "application_password_required": Code(
        0,
        "With a second factor, mail programs need a password of their own.",
        "Make one on the security page.",
    ),
    "wrong_protocol": Code(0, "The app password is not for this protocol.", "Make one that is."),
    "unknown_scope": Code(400, "A scope is none of the table.", "See GET /api/v1/security/scopes/."),
    "bad_expiry": Code(400, "A token lives a day to a year.", _BODY),
    "too_many": Code(409, "There are as many of these as anybody may have.", "Take one back first."),
    "sending_limit": Code(
        429,
        "As many mails were sent, or new people written to, as may be in a day.",
        "Wait, or ask an administrator to raise the limit.",
    ),
    "stop_ended": Code(409, "Somebody has decided about this already.", "Nothing needs to be done."),
    "held_by_stop": Code(
        409, "It is held because the account sends like a stolen one.", "Decide about the stop as a whole."
    ),
    "bad_rule": Code(400, "A rule says something that makes no sense.", _BODY),
    "too_many_rules": Code(409, "The account has as many rules as there may be.", "Delete or join some."),
    "bad_notification_rule": Code(400, "A rule of notifications says something that makes no sense.", _BODY),
    "invalid_push_key": Code(
        400, "The keys of a push subscription are none.", "Send what PushSubscription.toJSON() gives."
    ),
    "no_recovery_address": Code(
        400, "There is no address outside to write to.", "Set one on the security page first."
    ),
    "too_many_people": Code(
        429, "An announcement goes to fewer people at once.", "Write to a group instead."
    ),
    "push_failed": Code(0, "A push service did not take a push.", "It is tried again by itself."),
    "bad_vacation": Code(400, "The answer while away says nothing, or ends before it begins.", _BODY),
    "forward_unconfirmed": Code(
        409, "Nobody at the address has agreed to take mail.", "Confirm the forward with its code first."
    ),
    "forward_in_use": Code(409, "A rule forwards there.", "Change or delete the rule first."),
    "template_in_use": Code(409, "A rule answers with the template.", "Change or delete the rule first."),
    "already_left": Code(409, "The list was left already.", "Nothing needs to be done."),
    "no_way_out": Code(
        409, "The list does not say how a program leaves it.", "Open its page, if it has one."
    ),
    "list_unreachable": Code(503, "The list did not confirm that one leaves it.", _LATER),
    "no_receipt_wanted": Code(
        409, "Nobody asks whether this e-mail was read, or it was answered.", "Nothing needs to be done."
    ),
    "own_address": Code(400, "The address is the account's own.", "Name another address."),
    "forward_exists": Code(409, "There is a forward to this address.", "Change or remove that."),
    "forward_confirmed": Code(409, "The forward is confirmed already.", "Nothing needs to be done."),
    "bad_entry": Code(400, "This is neither an address nor a domain.", _BODY),
    "too_many_entries": Code(
        409, "The lists have as many lines as there may be.", "Delete some, or list domains."
    ),
    "spam_refused": Code(
        0, "By SMTP: it looks like junk to everybody it is for.", "Write another mail, or call."
    ),
    "rule_broken": Code(409, "The rule names a mailbox that is gone.", "Choose another mailbox."),
    "rule_at_work": Code(409, "A rule is being applied to old mail.", "Wait until it is done."),
    "nothing_to_undo": Code(409, "The run changed nothing, or is undone.", "Nothing needs to be done."),
    "totp_exists": Code(409, "There is an authenticator app already.", "Remove it first."),
    "mfa_off": Code(409, "There is no second factor to recover.", "Add one first."),
    "invalid_passkey": Code(400, "The browser's answer does not make a passkey.", "Ask for new options."),
    "passkey_exists": Code(409, "This passkey is here already.", "Nothing needs to be done."),
    "password_changed": Code(409, "The password was changed meanwhile.", "Begin with the new one."),
    "unknown_client": Code(400, "The program is not known to your organisation.", "Ask who made it."),
    "one_proof": Code(400, "Exactly one proof is taken.", "Give one of those the body knows."),
    "bad_issuer": Code(
        400, "The issuer is no address of a provider.", "Give one like https://id.example.org."
    ),
    "provider_unavailable": Code(503, "The organisation's own log-in does not answer as it should.", _LATER),
    "bad_redirect_uri": Code(400, "The program may not be answered there.", "Ask who made it."),
    # How often, how much
    "too_many_requests": Code(
        429, "A rate limit was used up.", "Wait the seconds of Retry-After; RateLimit-Policy tells the quota."
    ),
    "too_many_attempts": Code(
        429, "Too many log-ins have failed from your network.", "Wait the seconds of Retry-After."
    ),
    "too_many_uploads": Code(
        429, "Too many files wait to be sent.", "Send or forget some; what waits is kept for a week."
    ),
    "too_many_pieces": Code(429, "The file comes in too many pieces.", "Send larger ones."),
    "wrong_offset": Code(
        409,
        "The next piece of the file begins elsewhere.",
        "Ask by HEAD how much has come, and go on from there.",
    ),
    "invalid_header": Code(400, "A header is not as the protocol has it.", "The detail names it."),
    "unsupported_tus_version": Code(
        412, "Another version of tus is spoken here.", "Send Tus-Resumable as Tus-Version has it."
    ),
    "too_much_at_once": Code(
        429, "That is too much of a message at once.", "Ask for its parts one after the other."
    ),
    "too_many_codes": Code(
        429,
        "Too many codes were asked for by your network or for the address.",
        "Wait the seconds of Retry-After.",
    ),
    "over_quota": Code(507, "The mailbox is full.", "Delete mail for good, or ask for more room."),
    # Sending
    "invalid_idempotency_key": Code(400, "The Idempotency-Key is too long or not ASCII.", "Use a UUID."),
    "idempotency_key_reused": Code(
        422, "The key was used for another request in the last 24 hours.", "Use a new key."
    ),
    "idempotency_in_progress": Code(
        409, "The first request with this key is still at work.", "Wait a moment and repeat it."
    ),
    "invalid_recipient": Code(400, "A recipient has no valid address, or nobody here has it.", _BODY),
    "may_not_post": Code(
        400,
        "You may not write to this group.",
        "Ask one of its managers who may, and leave it out until then.",
    ),
    "not_your_address": Code(403, "You may not send with this address any more.", "Choose another sender."),
    "list_exists": Code(409, "The account has a list of this name.", "Choose another name."),
    "list_full": Code(409, "A list has 1,000 members at most.", "Take some off, or make a second list."),
    "nobody_named": Code(400, "There is no address in what was given.", "Give one person to a line."),
    "no_members": Code(400, "Nobody is on the list.", "Put somebody on it first."),
    "no_recipients": Code(400, "Nobody is named to send to.", "Name somebody in to, cc or bcc."),
    "too_many_recipients": Code(400, "A message goes to 200 people at most.", "Send it in parts."),
    "bad_recipients": Code(400, "The number of recipients is out of range.", "Name 1 to 200."),
    "bad_hold": Code(400, "An e-mail is held a minute at most.", "Give hold_seconds from 0 to 60."),
    "already_sent": Code(409, "It is on its way and cannot be taken back.", "Nothing can be done."),
    "not_a_draft": Code(
        400, "The e-mail is not a draft.", "Give the id of a draft; saving one gives it a new id."
    ),
    "invalid_message": Code(
        400, "The message cannot be written as mail.", "Look for control characters in names and types."
    ),
    "invalid_blob": Code(400, "This is no blob id.", "Give one of POST /api/v1/blobs/ or of an attachment."),
    "too_many_attachments": Code(
        400, "A message has too many attachments.", "Send fewer, or pack them together."
    ),
    # Mailboxes
    "mailbox_exists": Code(409, "There is a mailbox of that name.", "Choose another name."),
    "has_role": Code(409, "Every client looks for this mailbox by its role.", "It keeps its name and place."),
    "has_children": Code(409, "There are mailboxes inside.", "Delete or move those first."),
    "unknown_capability": Code(
        400, "That IMAP extension cannot be switched off.", "Choose of those that the message names."
    ),
    "invalid_name": Code(400, "No mailbox can have that name.", "Use 1 to 200 characters without a slash."),
    "too_deep": Code(400, "Mailboxes nest ten deep at most.", "Choose a place further up."),
    "parent_loop": Code(400, "A mailbox cannot lie inside itself.", "Choose another place."),
    "too_many_mailboxes": Code(400, "An account has 2,000 mailboxes at most.", "Delete some."),
    "no_such_mailbox": Code(404, "There is no such mailbox.", "Read the list of mailboxes."),
    "no_such_account": Code(404, "There is no such account.", "Read GET /api/v1/me/."),
    "cannot_calculate_changes": Code(
        410,
        "Too much has changed since that state, or it is too old.",
        "Read the lists afresh and go on from their state.",
    ),
    # People and domains
    "bad_password": Code(400, "A password has 8 to 256 characters.", "Choose another."),
    "common_password": Code(400, "The password is among those that are guessed first.", "Choose another."),
    "guessable_password": Code(
        400, "The password holds a name, an address or the organisation.", "Choose another."
    ),
    "invalid_address": Code(400, "This is no e-mail address.", _BODY),
    "invalid_domain": Code(400, "This is no domain name.", _BODY),
    "address_exists": Code(409, "Somebody has this address.", "Choose another."),
    "domain_exists": Code(409, "The domain is here already.", "Nothing needs to be done."),
    "no_such_domain": Code(404, "The domain is not one of this server.", "Add it first."),
    "no_such_user": Code(404, "There is no such user.", "Check the address."),
    "no_such_address": Code(404, "Nobody here has this address.", "Check the address."),
    "invalid_role": Code(400, "There is no such role.", "Read GET /api/v1/roles/ for those there are."),
    "role_exists": Code(409, "There is a role of this name.", "Choose another name."),
    "role_in_use": Code(409, "Somebody has this role.", "Give them another role first."),
    "too_many_roles": Code(409, "The organisation has as many roles as it may.", "Delete one first."),
    "last_owner": Code(409, "An organisation needs an owner who can log in.", "Make another owner first."),
    "user_deleted": Code(409, "The person was deleted.", "Restore them first; that is possible for 14 days."),
    "invalid_time_zone": Code(400, "There is no such time zone.", "Use a name such as Europe/Berlin."),
    "bad_picture": Code(
        400, "The file is no picture that is taken here.", "Send a PNG, JPEG, WebP or GIF of 5 MB at most."
    ),
    "primary_address": Code(
        409, "It is the address that the person logs in with.", "Choose another address for that first."
    ),
    "too_many_addresses": Code(409, "The person has as many addresses as they may.", "Remove one first."),
    "domain_in_use": Code(409, "There are addresses in the domain.", "Remove those first."),
    "too_many_domains": Code(409, "The organisation has as many domains as it may.", "Remove one first."),
    "not_proved": Code(
        409, "The DNS does not have the record yet.", "Publish it as it is shown, and try again in a while."
    ),
    "own_domain": Code(400, "The domain is one of this server.", "Name domains outside of it."),
    "too_much": Code(400, "Whoever signs up cannot be given so much.", "Choose member, or a smaller role."),
    # Groups and shared accounts
    "group_exists": Code(409, "There is a group of this name.", "Choose another name."),
    "group_loop": Code(409, "A group cannot lie inside itself.", "Choose another group."),
    "group_too_deep": Code(409, "Groups nest five deep at most.", "Choose a group further up."),
    "too_many_groups": Code(409, "The organisation has as many groups as it may.", "Delete one first."),
    "too_many_members": Code(409, "The group has as many members as it may.", "Make a group inside it."),
    "user_or_group": Code(400, "Neither or both of a person and a group were named.", "Name one of them."),
    "owner": Code(400, "The owner has every right already.", "Nothing needs to be done."),
    "too_many_grants": Code(409, "The account is lent as often as it may be.", "Lend it to a group."),
    "not_shared": Code(409, "A person's account goes with the person.", "Delete the person instead."),
    "invalid_quota": Code(
        400, "The quota is no number of bytes that can be.", "Give bytes, at most a pebibyte."
    ),
    # At other doors than this API: IMAP, SMTP, the operator's pages
    "annotation_too_long": Code(413, "The note on a mailbox is too long.", "Write a shorter one."),
    "invalid_entry": Code(
        400, "A note is called otherwise.", "Name it /private/... or /shared/... in ASCII."
    ),
    "reserved_entry": Code(400, "That note is not anybody's to write.", "Use another name."),
    "too_many_annotations": Code(429, "There are as many notes as may be.", "Remove some."),
    "no_such_person": Code(404, "There is nobody of that name.", "Name somebody of the organisation."),
    "no_such_quota": Code(404, "There is no such quota root.", "Ask which there is by GETQUOTAROOT."),
    "no_such_right": Code(400, "Rights do not come so.", "Give the letters of one of the levels together."),
    "whole_account": Code(400, "Rights are given on a whole account.", "Set them on its INBOX."),
    "dmarc_rejected": Code(
        403,
        "By SMTP: the sender's domain asks to refuse mail that it did not send.",
        "Send by the domain's own servers.",
    ),
    "not_a_bounce": Code(
        403,
        "By SMTP: the address takes bounces of forwarded mail alone.",
        "Write to the person's own address.",
    ),
    "no_login_here": Code(403, "Nobody logs in at this door.", "Use the port for submission."),
    "organisation_exists": Code(409, "There is an organisation of this name.", "Choose another name."),
    "not_waiting": Code(409, "It is under way, or done with.", "Look again."),
    # Coming in
    "sign_up_closed": Code(403, "One cannot sign up here so.", "Ask an administrator for an invitation."),
    "too_many_invitations": Code(409, "Too many invitations wait.", "Revoke some that are not answered."),
    "not_outside": Code(400, "The address must be outside this server.", "Give one at another server."),
    "address_reserved": Code(400, "The address cannot be chosen.", "Choose another."),
    "wrong_code": Code(
        400,
        "The code is wrong or too old, or was tried too often.",
        "Give the one that the app shows now, or that the letter has; or ask for a new one.",
    ),
    # Webhooks
    "invalid_url": Code(400, "The URL is none that may be told.", "Use https:// and a public host."),
    "too_many_webhooks": Code(
        429, "There are 20 webhooks at most.", "Delete one, or let one hear of more events."
    ),
    "webhook_disabled": Code(409, "The webhook is switched off.", "Switch it on first."),
    "already_pending": Code(409, "It is still being tried.", "Wait until it is delivered or has failed."),
    # The server
    "storage_busy": Code(503, "The store takes longer than the request could wait.", _LATER),
    "search_unavailable": Code(503, "Search is not possible just now.", _LATER),
    "secret_unreadable": Code(503, "A stored secret was sealed with another key.", _ASK),
    "internal_error": Code(500, "Something that nobody foresaw went wrong.", _ASK),
    "fetch_failed": Code(503, "The remote content could not be loaded.", _LATER),
    "host_unreachable": Code(503, "The other server could not be reached.", _LATER),
    "name_missing": Code(404, "The name is not in the DNS.", "Check the name."),
    "dns_failed": Code(503, "The DNS gave no answer.", _LATER),
    "null_mx": Code(404, "The domain says that it takes no mail.", "Check the address."),
    "shutting_down": Code(503, "The server is closing.", _LATER),
    "storage_unavailable": Code(503, "The disk does not take or give what it should.", _LATER),
    "content_unavailable": Code(503, "The content of an e-mail cannot be read now.", _LATER),
    "content_damaged": Code(503, "The content of an e-mail is not what was stored.", _ASK),
    "no_such_archive": Code(0, "The archive to import is not there.", "Check the path."),
    "message_too_large": Code(
        0, "A message of the archive is larger than the server takes.", "It was left out."
    ),
    "archive_unreadable": Code(0, "The archive cannot be read.", "Check its rights and form."),
    "import_overtaken": Code(0, "Another import of the same archive is at work.", "Wait for it."),
    # Conversations
    "conversation_right_lacking": Code(
        403, "You see this conversation, but may not do this in it.", "Join it, or ask one of its admins."
    ),
    "conversation_archived": Code(409, "The conversation is archived.", "Let an admin open it again."),
    "conversation_held": Code(409, "A legal hold keeps the conversation.", "Ask who manages conversations."),
    "channels_are_admins": Code(
        403, "Here only those who manage conversations open channels.", "Ask one of them, or open a group."
    ),
    "direct_refused": Code(
        403, "They take no new direct conversations from you.", "Write where both of you are, or by mail."
    ),
    "direct_has_no_settings": Code(
        400, "Direct conversations have no name, policies or roles.", "Hide it, or open a group."
    ),
    "group_is_private": Code(400, "Only a channel can be open to all.", "Make a channel."),
    "address_is_here": Code(
        400, "The address is of this house.", "Bring the person in with their account, if you can see it."
    ),
    "outsider_exists": Code(409, "This address takes part already.", "Nothing needs to be done."),
    "outsider_left": Code(409, "They are not in the conversation any more.", "Ask them in again."),
    "notes_stay": Code(
        409,
        "A note goes nowhere but to who may read its mail.",
        "Say it in your own words where you want it.",
    ),
    "named_without_access": Code(
        400,
        "Somebody who is named may not read the mail, and would not see the note.",
        "Leave them out, or share the account with them first.",
    ),
    "assignee_without_access": Code(
        400, "They may not write answers in this account.", "Choose somebody who may, or share it with them."
    ),
    "guest_stays_guest": Code(400, "A guest of the organisation has no other role.", _BODY),
    "channel_needs_name": Code(400, "A channel has a name.", _BODY),
    "one_person": Code(400, "A direct conversation is with one person.", "Name one, or open a group."),
    "message_deleted": Code(409, "The message was deleted.", "Nothing can be done with it any more."),
    "not_your_message": Code(403, "Somebody else wrote the message.", "Ask them, or an admin."),
    "too_late": Code(409, "The time in which this may be done has passed.", "Write another message."),
    "empty_message": Code(400, "A message says something, or brings a file.", _BODY),
    "not_an_emoji": Code(400, "A reaction is one emoji.", _BODY),
    "no_acknowledgement": Code(400, "The message asks for no acknowledgement.", "Nothing needs to be done."),
    "too_many_edits": Code(429, "The message was edited too often.", "Write another message."),
    "too_many_reactions": Code(
        429, "The message has as many kinds of reactions as it may.", "Use one of them."
    ),
    "too_many_exports": Code(
        429, "Too many conversations were taken out.", "Wait until those are done, or delete what you have."
    ),
    "too_many_pins": Code(429, "The conversation has as many pins as it may.", "Unpin something."),
    "too_many_reminders": Code(429, "As many reminders wait as may.", "Forget some."),
    "too_many_scheduled": Code(429, "As many messages wait as may.", "Wait, or take some back."),
    "already_decided": Code(409, "Somebody has decided about the report.", "Nothing needs to be done."),
    # One part of a body
    "invalid": Code(400, "Something in the body is not valid; several things may be.", _BODY),
    "required": Code(400, "A field is missing.", _BODY),
    "null": Code(400, "A field may not be null.", _BODY),
    "blank": Code(400, "A field may not be empty.", _BODY),
    "empty": Code(400, "A list may not be empty.", _BODY),
    "invalid_id": Code(400, "This is no id; ids are strings of digits.", _BODY),
    "invalid_choice": Code(400, "The value is none of those there are.", _BODY),
    "max_length": Code(400, "A text or a list is too long.", _BODY),
    "min_length": Code(400, "A text or a list is too short.", _BODY),
    "max_value": Code(400, "A number is too large.", _BODY),
    "min_value": Code(400, "A number is too small.", _BODY),
    "max_string_length": Code(400, "A number has too many digits.", _BODY),
    "not_a_list": Code(400, "A list was expected.", _BODY),
    "not_a_dict": Code(400, "An object was expected.", _BODY),
    "null_characters_not_allowed": Code(400, "A text holds a NUL character.", _BODY),
    "surrogate_characters_not_allowed": Code(400, "A text holds half a character.", _BODY),
}
