-- Tokens that stand for persons.
-- Keeps true: within a ledger each person (a kind and a value) has one token and each token one person. Everything that
-- decides, counts or hashes uses the token, so deleting the row here erases the person and changes no number.

CREATE TABLE daybook.persons (
  ledger_id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  value text COLLATE "C" NOT NULL,
  token text COLLATE "C" NOT NULL,
  CONSTRAINT persons_pkey PRIMARY KEY (ledger_id, kind, value),
  CONSTRAINT persons_token_is_unique UNIQUE (ledger_id, token),
  CONSTRAINT persons_kind_is_known CHECK (kind IN ('user', 'session', 'customer')),
  CONSTRAINT persons_token_is_well_formed CHECK (token ~ '^p_[A-Za-z0-9_-]{22}$')
);
COMMENT ON TABLE daybook.persons IS
  'Who a token stands for. A row is deleted when the person is erased; nothing else is ever deleted or updated.';
COMMENT ON COLUMN daybook.persons.ledger_id IS 'The ledger: the same person has different tokens in different ledgers.';
COMMENT ON COLUMN daybook.persons.kind IS 'user, session or customer.';
COMMENT ON COLUMN daybook.persons.value IS 'What the producer called the person, byte for byte.';
COMMENT ON COLUMN daybook.persons.token IS 'p_ and 22 random characters; derived.persons and the books hold this.';
