"""Who somebody is: tokens, outside keys, passwords, and how fast they may be tried."""
