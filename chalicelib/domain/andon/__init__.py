"""Andon: issues that are reported and answered."""
