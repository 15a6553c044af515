from tests.jobs.fixtures import clock, fresh_runtime, servers, valkey

__all__ = ["clock", "fresh_runtime", "servers", "valkey"]
