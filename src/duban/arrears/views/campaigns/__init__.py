"""The pages of campaigns (口径批次)."""
