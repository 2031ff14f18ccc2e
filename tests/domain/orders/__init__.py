"""Tests of chalicelib/domain/orders."""
