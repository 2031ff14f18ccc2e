"""Takip's packages: domain decides, services carry out, storage keeps the result."""

__version__ = "0.1.0"
