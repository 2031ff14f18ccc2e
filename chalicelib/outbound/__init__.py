"""Outbound: what Takip sends to other systems."""
