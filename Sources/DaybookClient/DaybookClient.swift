// DaybookClient: the module that programs import to append, read and command; no libpq and no server code.
