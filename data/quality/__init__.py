"""How good the data are: volumes against their rhythm, places, words, duplicates, places that never report."""
