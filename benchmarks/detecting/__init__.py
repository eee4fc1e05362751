"""Parts of the injection study: methods that watch, what chance brings, clusters put in, and the simulation."""
