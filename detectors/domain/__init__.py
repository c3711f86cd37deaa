"""The words of the river, as frozen values that cannot be wrong."""
