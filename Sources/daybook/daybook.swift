// daybook: the command line; thin, it calls the other rooms.
