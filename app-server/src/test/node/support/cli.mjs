// Runs Resend's command line as a shell does, and reads what it prints.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { matches } from './expect.mjs';

const BINARY = fileURLToPath(new URL('../node_modules/resend-cli/dist/cli.cjs', import.meta.url));

function run(args, env) {
  return new Promise((resolve) => {
    execFile(process.execPath, [BINARY, ...args], { env, timeout: 60_000, maxBuffer: 16 << 20 }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code ?? 1 : 0, stdout, stderr }));
  });
}

// A home of its own: nothing of the user's is read or written.
export function commandLine() {
  const home = mkdtempSync(join(tmpdir(), 'mailgoat-cli-'));
  const env = {
    PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: home, NO_COLOR: '1', CI: '1',
    RESEND_API_KEY: process.env.RESEND_API_KEY, RESEND_BASE_URL: process.env.RESEND_BASE_URL,
  };
  const driven = new Set();
  let commands = [];

  const named = (args) => commands.filter((command) => args.join(' ').startsWith(command)).sort((a, b) => b.length - a.length)[0];

  return {
    driven,
    close: () => rmSync(home, { recursive: true, force: true }),
    file(name, content) {
      const path = join(home, name);
      writeFileSync(path, content);
      return path;
    },
    // All commands that there are, as `emails send`.
    async commands() {
      const tree = JSON.parse((await run(['commands'], env)).stdout);
      const leaves = ({ name, subcommands }, path) => subcommands.length === 0 ? [[...path, name].join(' ')]
        : subcommands.flatMap((command) => leaves(command, [...path, name]));
      commands = tree.subcommands.flatMap((command) => leaves(command, []));
      return commands;
    },
    // What a success printed, held to a description.
    async ok(args, expected = {}) {
      const { code, stdout, stderr } = await run([...args, '--json'], env);
      assert.equal(code, 0, `${args.join(' ')}: ${stdout} ${stderr}`);
      const answer = JSON.parse(stdout);
      matches(answer, expected, args.slice(0, 3).join(' '));
      driven.add(named(args));
      return answer;
    },
    // What a failure said.
    async refused(args, message) {
      const { code, stdout, stderr } = await run([...args, '--json'], env);
      assert.equal(code, 1, `${args.join(' ')}: ${stdout}`);
      assert.match(stderr, message);
    },
  };
}
