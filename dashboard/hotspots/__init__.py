"""The page 热点研判: hotspots ranked by evidence, and why each is one."""
