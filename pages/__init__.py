"""One screen a file; each only defines show()."""
