"""Tests of chalicelib/services/machines."""
