/// One attempt at one destination: MX hosts in their order, TLS policy, connections kept and
/// pipelined, total deadlines, and an outcome for each forward-path. Knows nothing of the database.
/// RFC 5321 (client side), 7505, 1870, 2920, 3207, 6152, 6531.
package ai.mailgoat.server.delivery;
