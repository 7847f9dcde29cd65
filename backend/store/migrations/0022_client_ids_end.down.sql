DROP INDEX conversation_client_ids_by_end;
ALTER TABLE conversation_client_ids DROP COLUMN expires_at;
