// Lifecycle: runs the parts of a process, handles signals and ends everything in good order.
