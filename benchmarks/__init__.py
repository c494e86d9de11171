"""What we claim about speed, measured against the servers people run today.

`python -m benchmarks smtp` starts Posthouse, Postfix with Dovecot behind it, and Dovecot alone, gives each
the same work in turn (A B C A B C ...) and prints medians. Nothing counts that was not found again: every
message answered 250 is looked up by IMAP afterwards, and is there once and only once.
"""
