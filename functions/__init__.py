"""The doors: HTTP endpoints, the queue's handler and the clock's handler."""
