-- A customer who has left: kept for the books, found by nobody.
alter table identity.customers add column closed_at timestamptz(3);
