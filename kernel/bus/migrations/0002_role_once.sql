-- Whose a row may be is asked of each row; who asks is known once for the whole statement.
ALTER POLICY tenant ON bus.outbox
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)
    AND source = (SELECT substr(current_user, 9)));
--> statement-breakpoint
ALTER POLICY tenant ON bus.inbox
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)
    AND split_part(consumer, ':', 1) = (SELECT substr(current_user, 9)));
