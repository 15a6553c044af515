from tests.jobs.fixtures import clock, servers, valkey

__all__ = ["clock", "servers", "valkey"]
