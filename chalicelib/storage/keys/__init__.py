"""Every key in the table, as pure functions by subject; no other package writes a `#`.

A tenant's key begins with `T#<tenant>`, so no query can cross tenants. Times in keys have a fixed width, because keys
are sorted as text.
"""
