"""Measuring what things cost, for the figures in the docs."""
