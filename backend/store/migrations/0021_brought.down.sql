DROP INDEX log_bringing;
DROP INDEX log_by_audience;
CREATE INDEX log_by_audience ON log (audience, target, id);
