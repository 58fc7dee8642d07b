-- A billing run moves the cursor of every subscription that it bills. With `due_on` in no index and room on the page, the new version
-- of a row stays beside the old one and no index hears of it; on the day on which a whole page of subscriptions is billed as well.
-- A run goes through a tenant's subscriptions in the order of their ids, once, whether or not an index says which of them are due.
drop index billing.subscriptions_due;
--> statement-breakpoint
alter table billing.subscriptions set (fillfactor = 50);
--> statement-breakpoint
-- That an invoice's run exists was asked for each of ten thousand invoices. The transaction that issues them counts them in the run's
-- row and fails where there is none, and no run is ever removed.
alter table billing.invoices drop constraint invoices_run_id_fkey;
--> statement-breakpoint
revoke delete on billing.billing_runs from headend_billing;
--> statement-breakpoint
revoke update on billing.billing_runs from headend_billing;
--> statement-breakpoint
grant update (state, invoices, finished_at) on billing.billing_runs to headend_billing;
