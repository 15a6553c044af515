"""The pages of signed-in people, one file a subject: ``register(door, web)`` puts its views on the blueprint."""
