// Writes into the table kept of a SQLite file, and is killed before it commits: what is on the disk by then has to be rolled back.

'use strict';

const { DatabaseSync } = require('@photostructure/sqlite');

const database = new DatabaseSync(process.argv[2]);
// What does not fit into so small a cache goes to the disk at once.
database.exec('PRAGMA cache_size = 1; BEGIN IMMEDIATE');
database.exec("UPDATE kept SET text = 'half' || text");
process.kill(process.pid, 'SIGKILL');
