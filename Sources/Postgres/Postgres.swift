// Postgres: connections, pipelines, copies and notifications of libpq, the only room that imports it.
