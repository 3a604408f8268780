"""Measures of speed: each beside a peer in the same run, written down whether good or bad."""
