// HTTP: a bounded server on GNU libmicrohttpd, the only room that imports it; knows nothing of ledgers.
