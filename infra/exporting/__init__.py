"""Exporting: reads rows page by page from a running Takip into a file. It is a client of the HTTP API."""
