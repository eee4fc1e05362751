"""预警处置: the duty desk's parts."""
