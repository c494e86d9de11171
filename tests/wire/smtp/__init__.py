"""Tests of `posthouse.wire.smtp`: no sockets, no clock."""
