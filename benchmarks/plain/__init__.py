"""Tasks done the plain way, to compare with in the same run."""
