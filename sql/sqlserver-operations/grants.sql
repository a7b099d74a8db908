-- Rights of the application's database account on SQL Server. A DBA runs this after every jobs/migrate.ts,
-- which runs with an account of its own (db_owner). Running it again changes nothing. Nobody is granted
-- anything on the schema: a table that is not named here is out of reach until it is.
--
-- register_app     the server and the jobs: reads and writes the register, adds to the record of acts (操作記録)
--                  and can neither change nor delete any of it. No DDL.
-- register_eraser  jobs/erase-audit-values.ts: beside register_app, may delete values kept beside the record.
-- register_reader  jobs/verify-audit.ts and jobs/ship-audit.ts of the auditors: reads the record, nothing else.
--
-- Then, once for each login of the municipality:
--   create user [NAME] for login [NAME];
--   alter role register_app add member [NAME];

if database_principal_id('register_app') is null create role register_app;
if database_principal_id('register_eraser') is null create role register_eraser;
if database_principal_id('register_reader') is null create role register_reader;

-- The record: rows are added, its head is moved on, nothing else.
grant select, insert on audit_event to register_app;
grant select, insert on audit_value to register_app;
grant select, insert on audit_value_salt to register_app;
grant select, insert on audit_value_erasure to register_app;
grant select, update on audit_head to register_app;

grant delete on audit_value to register_eraser;
grant delete on audit_value_salt to register_eraser;

grant select on audit_event to register_reader;
grant select on audit_value to register_reader;
grant select on audit_value_salt to register_reader;
grant select on audit_value_erasure to register_reader;
grant select on audit_head to register_reader;
grant select on schema_version to register_reader;

-- The schema's own book: read only, so that the application can tell whether it stands where it should.
grant select on schema_version to register_app;

-- The register.
grant select, insert, update, delete on account to register_app;
grant select, insert, update, delete on account_right to register_app;
grant select, insert, update, delete on application to register_app;
grant select, insert, update, delete on circumstance to register_app;
grant select, insert, update, delete on daily_list_close to register_app;
grant select, insert, update, delete on fiscal_year_rule to register_app;
grant select, insert, update, delete on form_receipt to register_app;
grant select, insert, update, delete on gaiji_replacement to register_app;
grant select, insert, update, delete on import_difference to register_app;
grant select, insert, update, delete on import_held_difference to register_app;
grant select, insert, update, delete on import_row_fault to register_app;
grant select, insert, update, delete on import_run to register_app;
grant select, insert, update, delete on import_staged_person to register_app;
grant select, insert, delete on import_staged_same to register_app;
grant select, insert, update, delete on inquiry to register_app;
grant select, insert, update, delete on letter to register_app;
grant select, insert, update, delete on letter_batch to register_app;
grant select, insert, update, delete on letter_batch_item to register_app;
grant select, insert, update, delete on letter_held to register_app;
grant select, insert, update, delete on letter_serial_counter to register_app;
grant select, insert, update, delete on letter_template to register_app;
grant select, insert, update, delete on nightly_run to register_app;
grant select, insert, update, delete on office to register_app;
grant select, insert, update, delete on pass to register_app;
grant select, insert, update, delete on pass_number_counter to register_app;
grant select, insert, update, delete on pass_stock_range to register_app;
grant select, insert, update, delete on person to register_app;
grant select, insert, update, delete on person_before_run to register_app;
grant select, insert, update, delete on person_former_value to register_app;
grant select, insert, update, delete on print_run to register_app;
grant select, insert, update, delete on print_run_person to register_app;
grant select, insert, update, delete on printer to register_app;
grant select, insert, update, delete on protected_release to register_app;
grant select, insert, update, delete on sender_title to register_app;
grant select, insert, update, delete on session to register_app;
grant select, insert, update, delete on setting to register_app;
grant select, insert, update, delete on sign_in_failure to register_app;
