"""Users, their devices and security events in the table."""
