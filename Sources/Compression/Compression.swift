// Compression: Zstandard frames of libzstd, the only room that imports it.
