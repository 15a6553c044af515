"""Measurements of the running product: `python -m bench` prints one JSON line a figure, `bench/chaos.py` breaks things."""
