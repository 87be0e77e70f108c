-- The form of control snapshots.
-- Keeps true: a process reads only snapshots that are written as it writes them, and folds the log from nothing where
-- there is none; so a newer program never trips over what an older one kept, nor the other way round.

ALTER TABLE daybook.control_snapshots ADD COLUMN form integer NOT NULL DEFAULT 1;
ALTER TABLE daybook.control_snapshots ALTER COLUMN form DROP DEFAULT;
ALTER TABLE daybook.control_snapshots ADD CONSTRAINT control_snapshots_form_is_positive CHECK (form > 0);
ALTER TABLE daybook.control_snapshots DROP CONSTRAINT control_snapshots_pkey;
ALTER TABLE daybook.control_snapshots
ADD CONSTRAINT control_snapshots_pkey PRIMARY KEY (ledger_id, rules_version, form, position);
COMMENT ON COLUMN daybook.control_snapshots.form IS 'Version of how the state is written down; others ignore it.';
