-- How far the sandbox's clock is ahead of the real one: the same in every process. One row, moved by the sandbox alone.
CREATE TABLE bus.sandbox_clock (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  ahead_ms bigint NOT NULL CHECK (ahead_ms >= 0)
);
--> statement-breakpoint
INSERT INTO bus.sandbox_clock (ahead_ms) VALUES (0);
