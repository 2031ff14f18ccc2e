"""Leaving: the folder with which a company leaves, and its files in the bucket."""
