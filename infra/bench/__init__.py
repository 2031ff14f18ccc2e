"""Measurements for the figures in the docs."""
