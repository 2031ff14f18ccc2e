"""Numbers: metrics, days and the summary."""
