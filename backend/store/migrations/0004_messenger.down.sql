DROP TABLE erasures;
DROP TABLE marks;
DROP TABLE reactions;
DROP TABLE mentions;
DROP TABLE blocks;
