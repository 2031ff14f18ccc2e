"""Services of planning: opening one or many work orders, and routes."""
