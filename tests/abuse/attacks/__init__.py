"""What attackers do: coroutines `attack(url, seconds, …)`, run as processes of their own."""
