"""Tests of chalicelib/domain/numbers."""
