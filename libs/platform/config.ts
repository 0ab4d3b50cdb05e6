import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Rejected } from './errors.js';

const url = (protocols: readonly string[]) =>
  z.string().refine((value) => protocols.includes(URL.canParse(value) ? new URL(value).protocol : ''), {
    message: `must be an address that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });

const masterKey = z
  .string()
  .refine((value) => /^[A-Za-z0-9+/]+={0,2}$/.test(value) && Buffer.from(value, 'base64').length === 32, {
    message: 'must be 32 bytes in base64 (openssl rand -base64 32)',
  })
  .transform((value) => Buffer.from(value, 'base64'));

const apiKeys = z.string().transform((value, context) =>
  value
    .split(',')
    .filter((entry) => entry.trim() !== '')
    .map((entry) => {
      const [name, key] = entry.trim().split(/:(.*)/s);
      if (name === undefined || name === '' || key === undefined || key === '') {
        context.addIssue({ code: 'custom', message: 'must read name:key,name:key' });
        return z.NEVER;
      }
      return { name, key };
    }),
);

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port, 0 to 65535')
  .transform(Number)
  .refine((value) => value <= 65_535, 'must be a port, 0 to 65535');

const count = z
  .string()
  .regex(/^[1-9]\d{0,4}$/, 'must be a whole number from 1')
  .transform(Number);

const domain = z.string().regex(/^(?=.{1,253}$)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+$/i, 'must be a domain such as clinic.example');

const leastKeyBits = 1024;

function keyIn(file: string): { readonly pem: string } | { readonly fault: string } {
  try {
    const pem = readFileSync(file, 'utf8');
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem);
    const isFit = asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= leastKeyBits;
    return isFit ? { pem } : { fault: `must hold an RSA key of ${leastKeyBits} bits or more (RFC 8301)` };
  } catch (error) {
    return { fault: `cannot be read as a private key: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Names a file; what the setting holds afterwards is the key in it. */
const keyFile = z.string().transform((file, context) => {
  const key = keyIn(file);
  if ('pem' in key) return key.pem;
  context.addIssue({ code: 'custom', message: key.fault });
  return z.NEVER;
});

const environment = z.object({
  PORT: port.default(3000),
  PUBLIC_URL: url(['http:', 'https:']).optional(),
  DATABASE_URL: url(['postgres:', 'postgresql:']).optional(),
  REDIS_URL: url(['redis:', 'rediss:']).optional(),
  DATA_DIR: z.string().min(1).default('.afterglow'),
  MASTER_KEY: masterKey.optional(),
  API_KEYS: apiKeys.optional(),
  SMTP_URL: url(['smtp:', 'smtps:']).optional(),
  MAIL_FROM: z.string().min(3).default('Afterglow <care@clinic.example>'),
  SMTP_POOL: count.default(5),
  SMTP_RATE: count.optional(),
  DKIM_DOMAIN: domain.optional(),
  DKIM_SELECTOR: z
    .string()
    .regex(/^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*$/i, 'must be a selector such as 2026a')
    .optional(),
  DKIM_KEY_FILE: keyFile.optional(),
  MAIL_WEBHOOK_SECRET: z.string().min(16, 'must be 16 characters or more').optional(),
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[0-9a-zA-Z]{32}$/, 'must be AC and 32 characters')
    .optional(),
  TWILIO_AUTH_TOKEN: z.string().min(1).optional(),
  TWILIO_FROM: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, 'must be a phone number in E.164')
    .optional(),
  TWILIO_MESSAGING_SERVICE_SID: z
    .string()
    .regex(/^MG[0-9a-zA-Z]{32}$/, 'must be MG and 32 characters')
    .optional(),
  TWILIO_API_BASE_URL: url(['http:', 'https:']).optional(),
  /** Whether webhooks may go to private addresses and to this machine. */
  WEBHOOKS_INSIDE: z
    .enum(['yes', 'no'])
    .default('no')
    .transform((value) => value === 'yes'),
  AFTERGLOW_CLOCK: z.enum(['system', 'simulated']).default('system'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

const dkimNames = ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_KEY_FILE'];

/** What one setting asks of another. It is said together with what is wrong by itself, so that nobody corrects one fault only to meet the next. */
function missingBeside(given: Readonly<Record<string, string | undefined>>): string[] {
  const has = (name: string) => given[name] !== undefined;
  return [
    ...(has('TWILIO_ACCOUNT_SID') === has('TWILIO_AUTH_TOKEN') ? [] : ['TWILIO_AUTH_TOKEN: goes together with TWILIO_ACCOUNT_SID']),
    ...(has('TWILIO_ACCOUNT_SID') && !has('TWILIO_FROM') && !has('TWILIO_MESSAGING_SERVICE_SID')
      ? ['TWILIO_FROM: or TWILIO_MESSAGING_SERVICE_SID must say who sends']
      : []),
    ...dkimNames.filter((name) => !has(name) && dkimNames.some(has)).map((name) => `${name}: goes together with ${dkimNames.filter(has).join(' and ')}`),
    ...(given['AFTERGLOW_CLOCK'] === 'simulated' && !has('TWILIO_API_BASE_URL')
      ? ['AFTERGLOW_CLOCK: may be simulated only together with the sandbox (TWILIO_API_BASE_URL)']
      : []),
    ...(has('DATABASE_URL') && !has('MASTER_KEY') ? ['MASTER_KEY: is required beside DATABASE_URL'] : []),
  ];
}

/** Every setting of the process, parsed once at the start. */
export type Config = Omit<z.output<typeof environment>, 'PUBLIC_URL'> & { readonly PUBLIC_URL: string };

/**
 * Reads the environment. An empty value counts as unset.
 * @throws Rejected `wrong_environment`, whose message names every faulty variable at once.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environment.safeParse(given);
  const faults = [...(parsed.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`), ...missingBeside(given)];
  if (!parsed.success || faults.length > 0) throw new Rejected('wrong_environment', `The environment is not right:\n  ${faults.join('\n  ')}`);
  return { ...parsed.data, PUBLIC_URL: (parsed.data.PUBLIC_URL ?? `http://127.0.0.1:${parsed.data.PORT}`).replace(/\/$/, '') };
}
