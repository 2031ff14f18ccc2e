"""Services of machines and their readings."""
