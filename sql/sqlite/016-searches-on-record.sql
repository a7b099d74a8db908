-- Whose names a search showed stands in the event of the search: this finds the searches.

create index audit_event_search on audit_event (sequence) where kind = 'person.searched';
