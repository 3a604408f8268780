"""Reading campaigns: who is in, what the base is, how far it is cleared."""
