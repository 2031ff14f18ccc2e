"""Tests of chalicelib/domain/people."""
