/// The service: one process. `Parts` read top to bottom is what talks to what, `Doors` what is
/// served.
package ai.mailgoat.server;
