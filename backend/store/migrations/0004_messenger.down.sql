DROP TABLE erasures;
DROP TABLE reactions;
DROP TABLE mentions;
DROP TABLE blocks;
