import { writeFile } from 'node:fs/promises';
import pg from 'pg';

const queries = {
  tables: `
    select format('create table %I (%s%s%s);', c.relname, E'\\n  ',
      string_agg(format('%I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
        case when a.attnotnull then ' not null' else '' end, coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')), E',\\n  ' order by a.attnum), E'\\n')
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname not like 'kysely_%' group by c.relname order by c.relname`,
  constraints: `
    select format('alter table %I add constraint %I %s;', c.relname, n.conname, pg_get_constraintdef(n.oid))
    from pg_constraint n join pg_class c on c.oid = n.conrelid
    where c.relnamespace = 'public'::regnamespace and c.relname not like 'kysely_%' and n.contype <> 'n' order by c.relname, n.conname`,
  indexes: `
    select i.indexdef || ';' from pg_indexes i where i.schemaname = 'public' and i.tablename not like 'kysely_%'
      and not exists (select from pg_constraint n where n.conname = i.indexname) order by i.indexname`,
  functions: `
    select pg_get_functiondef(p.oid) || ';' from pg_proc p where p.pronamespace = 'public'::regnamespace
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e') order by p.proname, p.oid`,
  triggers: `
    select pg_get_triggerdef(t.oid) || ';' from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and c.relnamespace = 'public'::regnamespace order by c.relname, t.tgname`,
  policies: `
    select format('create policy %I on %I using (%s) with check (%s);', policyname, tablename, qual, with_check) from pg_policies where schemaname = 'public' order by tablename, policyname`,
  grants: `
    select format('grant %s on %I to afterglow_app;', lower(string_agg(privilege_type, ', ' order by privilege_type)), table_name)
    from information_schema.role_table_grants where grantee = 'afterglow_app' and table_schema = 'public' group by table_name order by table_name`,
} as const;

/** The schema as it stands in the database, in one order whatever the order of the migrations: what a review should read. */
export async function dumpSchema(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const parts: string[] = [];
    for (const [part, query] of Object.entries(queries)) {
      const { rows } = await client.query<string[]>({ text: query, rowMode: 'array' });
      parts.push(`-- ${part}\n${rows.map(([line]) => line).join('\n')}\n`);
    }
    return parts.join('\n');
  } finally {
    await client.end();
  }
}

export const writeSchema = async (url: string, file: string): Promise<void> => writeFile(file, await dumpSchema(url));
