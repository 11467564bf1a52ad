-- Verdicts of one time are shown in the order of their numbers. Without the numbers in the index, the
-- newest of a first run's verdicts, which are all of one time, were found by sorting all of them.
DROP INDEX audit_find_by_time;
CREATE INDEX audit_find_by_time ON verdicts (valid_from, verdict, rule, resource, compliance_type);
DROP INDEX audit_find_by_rule;
CREATE INDEX audit_find_by_rule ON verdicts (rule, valid_from, verdict, resource, compliance_type);
