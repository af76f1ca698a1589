// Drives Resend's own command line by every command there is a route for, and asserts what it
// prints. Reads the same variables as client.mjs; the last line of its output is a summary in JSON.
import { readFileSync } from 'node:fs';
import { Resend } from 'resend';
import { commandLine } from './support/cli.mjs';

const PARTS = ['sending', 'domains', 'contacts', 'templates', 'broadcasts', 'rest'];
// Without a route here: other products' parts, what acts on the user's own machine, and what runs
// until it is ended.
const LEFT_OUT = /^(automations|events|auth|careers|login|logout|open|docs|update|completion|commands|.* (open|listen))\b/;

const cli = commandLine();
const failures = [];
try {
  const commands = await cli.commands();
  const wanted = process.env.ONLY?.split(',') ?? PARTS;
  for (const name of PARTS.filter((part) => wanted.includes(part))) {
    try {
      const { default: drive } = await import(`./commands/${name}.mjs`);
      await drive({ cli, resend: new Resend() });
    } catch (e) {
      failures.push(`${name}: ${e.stack}`);
    }
  }
  for (const group of ['automations', 'events']) {
    await cli.refused([group, 'list'], /does not exist/).catch((e) => failures.push(`${group}: ${e.stack}`));
  }
  const missing = commands.filter((command) => !LEFT_OUT.test(command) && !cli.driven.has(command));
  if (!process.env.ONLY) failures.push(...missing.map((command) => `not driven: ${command}`));
  failures.forEach((failure) => console.error(failure));
  const { version } = JSON.parse(readFileSync(new URL('./node_modules/resend-cli/package.json', import.meta.url), 'utf8'));
  console.log(JSON.stringify({ version, commands: commands.length, driven: cli.driven.size, failures: failures.length }));
} finally {
  cli.close();
}
process.exitCode = failures.length === 0 ? 0 : 1;
