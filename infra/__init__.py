"""What AWS must hold, and the tools that put it there. Nothing of the running system imports this."""
