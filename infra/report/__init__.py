"""A page for each component, made from the code and the last whole test run: what `takip.py report` writes."""
