/// The database: opening, migrations, durable writes in groups, reads, and the threads that run
/// SQL. Blobs beside it.
package ai.mailgoat.server.store;
