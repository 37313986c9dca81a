"""Polite and safe HTTP: client, robots, states and schedules of feeds."""
