"""Tests of chalicelib/domain/planning."""
