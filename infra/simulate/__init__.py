"""A simulated plant: what its machines measure, how it is sent, and what Takip must make of it."""
