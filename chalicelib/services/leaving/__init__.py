"""Leaving: what a company takes along, how it is removed, and the data of one person."""
