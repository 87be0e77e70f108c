// Archive: verifies a log in its database, takes it out into segments, puts it back, and proves what was decided.
