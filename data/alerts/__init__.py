"""Alerts: raised from assessments, acted upon by people, read by scope."""
