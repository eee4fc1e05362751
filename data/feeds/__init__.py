"""Feeds: what each delivers and how, said in files that an office writes itself; words, folders, databases."""
