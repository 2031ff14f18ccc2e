"""Tests of chalicelib/domain/andon."""
