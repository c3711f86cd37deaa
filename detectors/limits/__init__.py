"""Limits with delay and hysteresis, and silence."""
