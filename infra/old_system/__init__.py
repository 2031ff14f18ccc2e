"""Coming from the old system: what its database holds, what Takip makes of it, and what stays."""
