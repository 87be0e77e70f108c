// DaybookClient: the module that programs import to append, read and decide; no libpq and no server code.
