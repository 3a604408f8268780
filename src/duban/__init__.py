"""Duban 督办: the accountability system for a city's industrial economy."""
