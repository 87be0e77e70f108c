/// Double entry from the log: records become balanced journal entries, and these become the files that finance's own tools read.
