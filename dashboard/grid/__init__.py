"""Parts of the page of one grid or village."""
