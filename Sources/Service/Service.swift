// Service: routes, authorisation and the writers of ledgers: what answers a request.
