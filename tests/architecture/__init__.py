"""Tests of the architecture: imports, the place of files, and that the deployed parts fit together."""
