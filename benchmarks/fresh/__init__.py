"""Parts of the freshness benchmark: the pool, the server, those who post, watch and read."""
