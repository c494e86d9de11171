"""SMTP as seen from the server: the session, addresses, envelopes, replies and trace headers."""
