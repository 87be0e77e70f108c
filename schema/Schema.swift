/// The numbered SQL of the log, embedded.
