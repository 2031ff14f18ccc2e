"""Services that read work orders."""
