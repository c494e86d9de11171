"""Whether an e-mail is from whom it says: SPF, DKIM, DMARC, ARC, and the header that tells what was found.

Pure like the rest of `wire`: what the DNS says is asked by the caller's `Ask` (dns.py), the time is given.
"""
