"""Tests of chalicelib/services/orders."""
