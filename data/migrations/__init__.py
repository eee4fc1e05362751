"""The record store's schema from release to release; run by `data.revisions`, written by `manage.py store revision`."""
