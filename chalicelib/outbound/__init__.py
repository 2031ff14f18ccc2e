"""What Takip sends out into the world."""
