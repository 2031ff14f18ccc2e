"""Tests of chalicelib/services."""
