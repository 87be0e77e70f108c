// Projections: loads the books' definitions, posts events into them, rebuilds and replays them; needs no book by name.
