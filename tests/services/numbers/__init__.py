"""Tests of chalicelib/services/numbers."""
