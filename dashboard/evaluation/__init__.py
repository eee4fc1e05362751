"""The page 模型评估: how well the forecast does, type by type and level by level, and who may see it."""
