"""The page 风险预判: what the coming weeks are expected to bring, and the levels of risk."""
