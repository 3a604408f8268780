"""Puts the parts together: urls, home, navigation, the HTTP API, and how every request is answered."""
