// Accounting: double entry from the log; records become balanced entries, and these the files that finance's tools read.
