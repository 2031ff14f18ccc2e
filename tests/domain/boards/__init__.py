"""Tests of chalicelib/domain/boards."""
