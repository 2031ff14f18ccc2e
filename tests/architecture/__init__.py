"""The architecture as tests: who may import whom, what stands where, and that the deployed parts fit together."""
