/// The books that ship with Daybook, embedded; their files lie below `books/`.
