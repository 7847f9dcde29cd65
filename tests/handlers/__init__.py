"""What each request does, noun by noun as in backend/handlers, over a socket."""
