ALTER TABLE conversations DROP COLUMN avatar;
DROP TABLE uploads;
DROP TABLE loose_bytes;
DROP TABLE files;
