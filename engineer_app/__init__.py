"""The engineer's door: the phone's app under /e and its JSON API under /api/engineer. A call is a row of `api.ROUTES`."""
