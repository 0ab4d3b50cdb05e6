-- Nobody travels between two locations within a day: what a provider holds says where, and on which local date of that place.
alter table allocation
  add column place text,
  add column on_day date,
  add constraint one_place_a_day exclude using gist (clinic_id with =, resource_id with =, on_day with =, place with <>)
    where (resource_kind = 'provider' and place is not null) deferrable initially immediate;
