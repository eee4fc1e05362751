"""Other engines that are given the same rows and asked the same queries in the same run."""
