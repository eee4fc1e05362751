"""How well forecasts did: baselines, measures, rolling origins, and the proof that nothing leaked."""
