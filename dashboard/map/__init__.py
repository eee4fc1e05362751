"""The map page 平安地图: what it shows, live, through time and beside another period."""
