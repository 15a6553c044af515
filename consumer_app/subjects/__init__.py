"""What a signed-in person can do, one file a subject: functions ``(person, given) -> dict`` that pages and API share."""
