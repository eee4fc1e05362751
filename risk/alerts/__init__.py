"""Alerts: which hot places are one finding, which alert it belongs to, and whether it is a new one."""
