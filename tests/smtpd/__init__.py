"""Tests of `posthouse.smtpd` over loopback sockets."""
