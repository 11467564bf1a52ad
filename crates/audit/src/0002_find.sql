-- What `evidence find` reads: every question about verdicts is answered from one of these alone, but
-- for the rows that are shown. They follow from the table and can be made anew at any time.
CREATE INDEX audit_find_by_time ON verdicts (valid_from, rule, resource, compliance_type);
CREATE INDEX audit_find_by_rule ON verdicts (rule, valid_from, resource, compliance_type);
CREATE INDEX audit_find_by_resource ON verdicts (resource, valid_from, rule, compliance_type);
