// Archive: takes a log out of its database and checks it: verification, segments, export, restore.
