"""The page 态势分析: one state in the URL, one read of all figures, a panel for each chart."""
