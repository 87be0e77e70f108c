// Domain: money, time, events and their catalogue, strict JSON and its canonical bytes; pure, on the standard library
// alone.
