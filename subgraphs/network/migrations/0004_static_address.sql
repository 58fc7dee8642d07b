-- What a subscriber has beside his plan: an address of his own, and the one device that may dial.
alter table network.accesses
  add column static_address text,
  add column caller_id text,
  add column prior_static_address text,
  add column prior_caller_id text;
--> statement-breakpoint
create unique index accesses_static_address_key on network.accesses (tenant_id, router_id, static_address) where static_address is not null;
