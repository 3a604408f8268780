"""Pages of the arrears context: read the request, make one call, answer."""
