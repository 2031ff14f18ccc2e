"""Tests of chalicelib/services/people."""
