"""The page 数据汇集: feeds, batches, words, duplicates, silent grids, boundaries."""
