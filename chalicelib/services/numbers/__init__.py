"""Services that compute and read numbers."""
