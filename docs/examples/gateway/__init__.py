"""A gateway for Takip: a small program on a box beside the machines, which reads them and sends what they measure."""
