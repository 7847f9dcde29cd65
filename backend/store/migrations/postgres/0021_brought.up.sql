-- A row that brings a new message is found by its message, in the order of the conversation that the
-- messages' own index keeps: an index page less to write for each.
DROP INDEX log_by_audience;
CREATE INDEX log_by_audience ON log (audience, target, id)
    WHERE message_id IS NULL OR about_id IS NOT NULL;
-- In the order of both ids: where the messages begin that somebody has missed.
CREATE INDEX log_bringing ON log (id)
    WHERE audience = 0 AND message_id IS NOT NULL AND about_id IS NULL;
