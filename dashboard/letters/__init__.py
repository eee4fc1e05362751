"""Parts of the page 函件: letters, their drafts, acts and documents, and whistles."""
