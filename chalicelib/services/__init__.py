"""Services: the steps of a request that read storage, ask the domain to decide, and write the result."""
