/// The books that ship with Daybook, embedded.
