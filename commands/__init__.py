"""The operator's commands, one family a module; `manage.py` gathers them."""
