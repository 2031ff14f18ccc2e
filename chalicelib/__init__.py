"""Takip's rooms: domain decides, services take the steps, storage keeps the outcome."""

__version__ = "0.1.0"
