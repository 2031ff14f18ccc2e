"""Steps of planning: opening work orders, one or many, and routes."""
