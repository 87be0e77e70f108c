// Crypto: hashing, signatures and randomness of OpenSSL's libcrypto, the only room that imports it.
