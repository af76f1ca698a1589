/// The command line. Talks HTTP to a service that runs, or opens the store when none does. May
/// touch the api records, the clients, `config`, `store`, `bench`; the service itself only by way
/// of {@link ai.mailgoat.server.cli.Service}.
package ai.mailgoat.server.cli;
