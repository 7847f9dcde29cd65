"""The tests; each folder mirrors one of backend/, the others say what they prove."""
