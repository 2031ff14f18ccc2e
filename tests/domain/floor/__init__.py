"""Tests of chalicelib/domain/floor."""
