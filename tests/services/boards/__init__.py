"""Tests of chalicelib/services/boards."""
