-- Empty after a crash of PostgreSQL, and rightly: the nodes tell again.
-- Every process that serves now. One whose `beat` stands still is dead: no clocks are compared.
CREATE UNLOGGED TABLE nodes (
    id TEXT PRIMARY KEY,
    beat BIGINT NOT NULL
);

-- Who is online at which node; `opened` has when each of their sockets was, a JSON list of Unix ms.
CREATE UNLOGGED TABLE presence (
    node_id TEXT NOT NULL,
    user_id BIGINT NOT NULL,
    opened TEXT NOT NULL,
    PRIMARY KEY (node_id, user_id)
);

-- Which run of the database an epoch belongs to: the nodes that share it share the epoch.
ALTER TABLE epochs ADD COLUMN run TEXT NOT NULL DEFAULT '';
