"""The staff's door: pages under /console and the same operations as JSON under /api/console."""
