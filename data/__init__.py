"""How incidents come in, are kept and are counted."""
