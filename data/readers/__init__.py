"""From a file as delivered to clean rows and rejected ones."""
