"""Infrastructure: what AWS must hold, and the tools that put it there. The running system imports nothing from here."""
