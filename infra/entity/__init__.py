"""A new entity through all rooms, with its tests: what `takip.py new entity` makes."""
