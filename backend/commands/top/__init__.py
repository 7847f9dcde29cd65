"""`python -m backend top`: what a running server does, live: who is connected, rates, delays."""
