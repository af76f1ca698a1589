-- Each lane is read by itself, in all and for one domain, so that a broadcast of a million entries
-- is never in the way of transactional mail.
CREATE INDEX queue_lane_due ON queue_entry (lane, due_at, id);
CREATE INDEX queue_domain_lane_due ON queue_entry (domain, lane, due_at, id);
DROP INDEX queue_due;
DROP INDEX queue_domain_due;
