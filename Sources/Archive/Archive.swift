// Archive: takes a log out of its database and checks it; today that is verification, from the values stored.
