"""HTTP routes: incidents come in, health goes out."""
