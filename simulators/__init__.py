"""A river that does not exist, for those who test one that does."""
