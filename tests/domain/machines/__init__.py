"""Tests of chalicelib/domain/machines."""
