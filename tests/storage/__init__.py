"""Tests of chalicelib/storage."""
