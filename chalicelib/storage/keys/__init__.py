"""Every key in the system, as pure functions by subject; no other room writes a `#`.

A tenant's key begins with `T#<tenant>`, so no query can cross tenants. Times in keys are fixed-width, or order breaks.
"""
