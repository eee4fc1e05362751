"""One benchmark a file, seeded; run by `manage.py bench NAME --json`."""
