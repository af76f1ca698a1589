/// The service: one process, read top to bottom in `Appliance`.
package ai.mailgoat.server;
