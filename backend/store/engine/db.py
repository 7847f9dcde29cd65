"""What a database is to handlers and tables: something that runs statements."""

import sqlite3

Db = sqlite3.Connection
