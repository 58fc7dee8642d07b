-- Executors are of no tenant: only the system role sees them.
revoke all on ops.executors from headend_ops;
