// Log: append, read, lock and verify; the SQL of the log and the migrations of its schema.
