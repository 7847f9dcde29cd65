DROP INDEX messages_putting;
