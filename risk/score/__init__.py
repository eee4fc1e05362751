"""The risk score: expected burden, surprise and emergence, each stored and shown, put together to 0-100.

`settings` says what weighs how much, `surprise` how unlikely the last windows were, `reference` fixes the scale from a
year, `score` puts the parts together and `drivers` says in words where a score comes from.
"""
