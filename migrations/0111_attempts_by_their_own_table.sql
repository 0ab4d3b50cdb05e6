-- A report that names an attempt is looked up in outreach_attempt, whose key it is.
drop index outreach_by_attempt;
