"""Parts of the page of governance centres, and what other pages show of them."""
