"""The IMAP server: sockets around wire/imap, commands over the mail store."""
